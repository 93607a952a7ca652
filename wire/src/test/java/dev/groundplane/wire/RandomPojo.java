package dev.groundplane.wire;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkNumber;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;

/** Fills SDK builders with random values, so that every member of every operation can be sent through the codec. */
final class RandomPojo {
    private static final int MAX_DEPTH = 4;
    private static final String TEXT = "aZ09 _-/:.<>&\"'\u00e9\u4e16";

    private final Random random;

    RandomPojo(long seed) {
        this.random = new Random(seed);
    }

    Object fill(SdkPojo builder) {
        return fill(builder, 0);
    }

    private Object fill(SdkPojo builder, int depth) {
        for (SdkField<?> field : builder.sdkFields()) {
            if (field.location() != MarshallLocation.STATUS_CODE && (wanted(field) || chosen(field, depth))) {
                field.set(builder, value(field, field, depth));
            }
        }
        return Shape.build(builder);
    }

    /** The SDK client insists on labels and on some required members; an absent idempotency token it would invent. */
    private static boolean wanted(SdkField<?> field) {
        return field.location() == MarshallLocation.PATH
                || field.location() == MarshallLocation.GREEDY_PATH
                || field.containsTrait(RequiredTrait.class)
                || field.containsTrait(DefaultValueTrait.class);
    }

    /** Scalars of nested objects always: Query cannot tell an empty object from an absent one. */
    private boolean chosen(SdkField<?> field, int depth) {
        if (field.memberName().equals("SourceRegion")) {
            return false; // never sent: the SDK's RDS client presigns a URL from it
        }
        return switch (field.marshallingType().getKnownType()) {
            case SDK_POJO, LIST, MAP -> depth < MAX_DEPTH && random.nextInt(4) > 0;
            default -> depth > 0 || random.nextInt(4) > 0;
        };
    }

    private Object value(SdkField<?> field, SdkField<?> outer, int depth) {
        MarshallingKnownType type = field.marshallingType().getKnownType();
        return switch (type) {
            case STRING -> text(isFreeText(field, outer) ? TEXT : "abcXYZ019");
            case INTEGER -> random.nextInt();
            case LONG -> random.nextLong();
            case SHORT -> (short) random.nextInt();
            case BYTE -> (byte) random.nextInt();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BIG_DECIMAL -> BigDecimal.valueOf(random.nextInt(), 2);
            case BOOLEAN -> random.nextBoolean();
            case INSTANT -> instant(field);
            case SDK_BYTES -> SdkBytes.fromUtf8String(text(TEXT));
            case DOCUMENT -> Document.fromNumber(SdkNumber.fromInteger(random.nextInt(100)));
            case SDK_POJO -> fill(field.constructor().get(), depth + 1);
            case LIST -> {
                List<Object> list = new ArrayList<>();
                int size = 1 + random.nextInt(3);
                for (int i = 0; i < size; i++) {
                    list.add(value(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), outer, depth + 1));
                }
                yield list;
            }
            case MAP -> {
                Map<String, Object> map = new LinkedHashMap<>();
                int size = 1 + random.nextInt(3);
                for (int i = 0; i < size; i++) {
                    map.put(
                            "k" + i,
                            value(field.getRequiredTrait(MapTrait.class).valueFieldInfo(), outer, depth + 1));
                }
                yield map;
            }
            case NULL -> throw new IllegalStateException();
        };
    }

    /** Not in headers and paths, and not in XML attributes, which the SDK client does not escape. */
    private static boolean isFreeText(SdkField<?> field, SdkField<?> outer) {
        return outer.location() == MarshallLocation.PAYLOAD && !field.containsTrait(XmlAttributeTrait.class);
    }

    /** Milliseconds where the format has them, else whole seconds. */
    private Instant instant(SdkField<?> field) {
        long seconds = 1_600_000_000L + random.nextInt(100_000_000);
        TimestampFormatTrait trait = field.getTrait(TimestampFormatTrait.class);
        boolean whole = field.location() == MarshallLocation.HEADER
                || (trait != null && trait.format() == TimestampFormatTrait.Format.RFC_822);
        return Instant.ofEpochMilli(seconds * 1000 + (whole ? 0 : random.nextInt(1000)));
    }

    private String text(String alphabet) {
        StringBuilder text = new StringBuilder("v");
        int size = random.nextInt(12);
        for (int i = 0; i < size; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.append('v').toString();
    }
}
