package dev.groundplane.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/** Reads Query parameters into an SDK builder. */
final class QueryReader {
    private QueryReader() {}

    static void read(FormNode form, SdkPojo builder) {
        for (SdkField<?> field : Shape.of(builder).fields()) {
            FormNode node = form.child(field.locationName());
            Object value = node == null ? null : value(field, node);
            if (value != null) {
                field.set(builder, value);
            }
        }
    }

    private static @Nullable Object value(SdkField<?> field, FormNode node) {
        return switch (field.marshallingType().getKnownType()) {
            case SDK_POJO -> {
                SdkPojo builder = field.constructor().get();
                read(node, builder);
                yield Shape.build(builder);
            }
            case LIST -> list(field, node);
            case MAP -> map(field, node);
            case STRING,
                    INTEGER,
                    LONG,
                    SHORT,
                    BYTE,
                    FLOAT,
                    DOUBLE,
                    BIG_DECIMAL,
                    BOOLEAN,
                    INSTANT,
                    SDK_BYTES,
                    DOCUMENT,
                    NULL -> node.value() == null ? null : Scalars.parse(field, node.value());
        };
    }

    /** {@code Name.member.N}, the member's own name, or {@code Name.N} when flattened. */
    private static List<@Nullable Object> list(SdkField<?> field, FormNode node) {
        ListTrait trait = field.getRequiredTrait(ListTrait.class);
        String member = trait.memberLocationName() == null ? "member" : trait.memberLocationName();
        FormNode items = trait.isFlattened() ? node : node.child(member);
        List<@Nullable Object> list = new ArrayList<>();
        if (items != null) {
            for (FormNode item : items.numbered()) {
                Object value = value(trait.memberFieldInfo(), item);
                if (value != null) {
                    list.add(value);
                }
            }
        }
        return list;
    }

    private static Map<String, @Nullable Object> map(SdkField<?> field, FormNode node) {
        MapTrait trait = field.getRequiredTrait(MapTrait.class);
        FormNode entries = trait.isFlattened() ? node : node.child("entry");
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (entries != null) {
            for (FormNode entry : entries.numbered()) {
                FormNode key = entry.child(trait.keyLocationName() == null ? "key" : trait.keyLocationName());
                FormNode value = entry.child(trait.valueLocationName() == null ? "value" : trait.valueLocationName());
                if (key != null && key.value() != null && value != null) {
                    map.put(key.value(), value(trait.valueFieldInfo(), value));
                }
            }
        }
        return map;
    }
}
