package dev.groundplane.wire;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * The fields of one SDK model class, looked up once. Thread-safe and shared for the life of the process.
 *
 * @param fields all fields in model order
 * @param payloadByName the fields that travel in the body, by their name on the wire
 */
record Shape(List<SdkField<?>> fields, Map<String, SdkField<?>> payloadByName) {
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

    static Shape of(SdkPojo pojo) {
        Shape known = SHAPES.get(pojo.getClass());
        return known != null ? known : SHAPES.computeIfAbsent(pojo.getClass(), c -> read(pojo));
    }

    private static Shape read(SdkPojo pojo) {
        List<SdkField<?>> fields = List.copyOf(pojo.sdkFields());
        Map<String, SdkField<?>> payload = fields.stream()
                .filter(f -> f.location() == MarshallLocation.PAYLOAD)
                .collect(Collectors.toMap(SdkField::locationName, Function.identity(), (a, b) -> a));
        return new Shape(fields, Map.copyOf(payload));
    }

    /** The value of a field, or null when it is absent (the SDK's auto-constructed empty collections are absent). */
    static @Nullable Object value(SdkField<?> field, SdkPojo pojo) {
        // getValueOrDefault would invent an idempotency token that the caller never sent.
        Object value = field.containsTrait(DefaultValueTrait.class) && pojo instanceof SdkRequest request
                ? request.getValueForField(field.memberName(), Object.class).orElse(null)
                : field.getValueOrDefault(pojo);
        return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap ? null : value;
    }

    /** Finishes a builder: the SDK's pojo builders are {@link Buildable}. */
    static Object build(SdkPojo builder) {
        return ((Buildable) builder).build();
    }
}
