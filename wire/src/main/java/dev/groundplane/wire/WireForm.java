package dev.groundplane.wire;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * SDK model objects as JSON text: the form in which they are stored and audited. What the JSON protocols would send.
 *
 * @param <T> the model class
 */
public final class WireForm<T extends SdkPojo> {
    private final Supplier<? extends SdkPojo> builder;
    private final Class<T> type;

    private WireForm(Class<T> type, Supplier<? extends SdkPojo> builder) {
        this.type = type;
        this.builder = builder;
    }

    /**
     * @param type the model class, for example {@code Task.class}
     * @param builder its builder factory, for example {@code Task::builder}; SDK builders are {@link SdkPojo}s
     */
    public static <T extends SdkPojo> WireForm<T> of(Class<T> type, Supplier<?> builder) {
        return new WireForm<>(type, () -> (SdkPojo) builder.get());
    }

    /** Any model object's body members as JSON; absent members are left out. */
    public static String json(SdkPojo pojo) {
        return new String(JsonWriter.bytes(pojo), StandardCharsets.UTF_8);
    }

    /**
     * A request's members as JSON, wherever they travel but in headers, which may carry keys: what the audit trail shows.
     */
    public static String parameters(SdkPojo request) {
        return new String(JsonWriter.parameters(request), StandardCharsets.UTF_8);
    }

    /**
     * Sets members that travel in bodies and are text or a number, by their names on the wire.
     *
     * @param builder an SDK builder that has all of them
     * @throws WireException when a value has not its member's form
     */
    public static void fill(Object builder, Map<String, String> members) {
        Map<String, SdkField<?>> fields = Shape.of((SdkPojo) builder).payloadByName();
        members.forEach((name, value) -> {
            SdkField<?> field = Objects.requireNonNull(fields.get(name), name);
            field.set(builder, Scalars.parse(field, value));
        });
    }

    /** The object's JSON. */
    public String encode(T object) {
        return json(object);
    }

    /** @throws WireException when {@code json} is not this type's JSON */
    public T decode(String json) {
        SdkPojo empty = builder.get();
        JsonReader.read(json.getBytes(StandardCharsets.UTF_8), empty);
        return type.cast(Shape.build(empty));
    }
}
