package dev.groundplane.platform.store;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A kind of resource and how it is kept.
 *
 * @param name unique among all types, for example {@code ecs:task}
 * @param encode the resource as text
 * @param decode the inverse of {@code encode}
 * @param indexes the secondary index entries of a resource and its extras, value by index name; a resource is found by
 *     each of them
 * @param <T> the value class
 */
public record ResourceType<T>(
        String name,
        Function<T, String> encode,
        Function<String, T> decode,
        BiFunction<T, Map<String, String>, Map<String, String>> indexes) {

    /** A type without secondary indexes. */
    public static <T> ResourceType<T> of(String name, Function<T, String> encode, Function<String, T> decode) {
        return new ResourceType<>(name, encode, decode, (value, extra) -> Map.of());
    }
}
