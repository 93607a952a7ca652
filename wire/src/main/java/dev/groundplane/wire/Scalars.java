package dev.groundplane.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;

/** Scalar values as text, for query parameters, headers, URI labels and XML. */
final class Scalars {
    private Scalars() {}

    /** @throws WireException {@code SerializationException} when the text is not of the field's type */
    static Object parse(SdkField<?> field, String text) {
        MarshallingKnownType type = field.marshallingType().getKnownType();
        try {
            return switch (type) {
                case STRING -> text;
                case INTEGER -> Integer.valueOf(text);
                case LONG -> Long.valueOf(text);
                case SHORT -> Short.valueOf(text);
                case BYTE -> Byte.valueOf(text);
                case FLOAT -> Float.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
                case BIG_DECIMAL -> new BigDecimal(text);
                case BOOLEAN -> parseBoolean(field, text);
                case INSTANT -> Timestamps.parse(text, Timestamps.format(field, false), field.locationName());
                case SDK_BYTES -> SdkBytes.fromByteArray(Base64.getDecoder().decode(text));
                case NULL, SDK_POJO, DOCUMENT, LIST, MAP ->
                    throw WireException.serialization(field.locationName() + " cannot be given as text");
            };
        } catch (IllegalArgumentException e) {
            throw WireException.serialization(
                    "%s: '%s' is not of type %s".formatted(field.locationName(), Excerpt.of(text), type));
        }
    }

    static String text(SdkField<?> field, Object value) {
        return switch (value) {
            case Instant instant -> Timestamps.text(instant, Timestamps.format(field, false));
            case SdkBytes bytes -> Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            default -> value.toString();
        };
    }

    private static Boolean parseBoolean(SdkField<?> field, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw WireException.serialization(
                        "%s: '%s' is not true or false".formatted(field.locationName(), Excerpt.of(text)));
        };
    }
}
