package dev.groundplane.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Members of requests by their names: which are set, so that a service can refuse by name what it does not implement, and
 * what they are, for what looks at many kinds of requests in one way.
 */
public final class FieldPaths {
    private FieldPaths() {}

    /**
     * The first member that is set but not in {@code supported}, as a caller would write it, for example
     * {@code containerDefinitions[0].healthCheck}.
     *
     * @param supported paths without indexes, for example {@code containerDefinitions.image}; a path that ends in
     *     {@code .*} supports all below it
     */
    public static Optional<String> unsupported(SdkPojo request, Set<String> supported) {
        return inPojo(request, "", "", supported);
    }

    private static Optional<String> inPojo(SdkPojo pojo, String path, String shown, Set<String> supported) {
        for (SdkField<?> field : Shape.of(pojo).fields()) {
            Object value = Shape.value(field, pojo);
            String fieldPath = path + field.locationName();
            String fieldShown = shown + field.locationName();
            if (value != null && !isEmpty(value) && !supported.contains(fieldPath + ".*")) {
                Optional<String> found = supported.contains(fieldPath)
                        ? inValue(value, fieldPath, fieldShown, supported)
                        : Optional.of(fieldShown);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inValue(Object value, String path, String shown, Set<String> supported) {
        if (value instanceof SdkPojo pojo) {
            return inPojo(pojo, path + ".", shown + ".", supported);
        }
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Optional<String> found = inValue(list.get(i), path, shown + "[" + i + "]", supported);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** What asks for nothing: empty collections, and {@code false}, which is every AWS flag's default. */
    private static boolean isEmpty(Object value) {
        return value.equals(false)
                || (value instanceof List<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    /** A member that is text; empty when the request has no such member, or it is not set. */
    public static Optional<String> text(SdkPojo request, String name) {
        return value(request, name).filter(String.class::isInstance).map(String.class::cast);
    }

    /** A member that is a list of texts; empty when the request has no such member. */
    public static List<String> texts(SdkPojo request, String name) {
        return value(request, name)
                .filter(List.class::isInstance)
                .map(list -> ((List<?>) list).stream().map(String::valueOf).toList())
                .orElse(List.of());
    }

    /**
     * A list of pairs, as tags are, as a map in the list's order.
     *
     * @param name the list
     * @param key the member of an element that is the key
     * @param value the member of an element that is the value; a missing one is empty
     */
    public static Map<String, String> pairs(SdkPojo request, String name, String key, String value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (value(request, name).orElse(List.of()) instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof SdkPojo pojo) {
                    text(pojo, key)
                            .ifPresent(
                                    found -> pairs.put(found, text(pojo, value).orElse("")));
                }
            }
        }
        return pairs;
    }

    /** A member that is a map of texts; empty when the request has no such member. */
    public static Map<String, String> map(SdkPojo request, String name) {
        Map<String, String> map = new LinkedHashMap<>();
        if (value(request, name).orElse(Map.of()) instanceof Map<?, ?> found) {
            found.forEach((key, value) -> map.put(String.valueOf(key), String.valueOf(value)));
        }
        return map;
    }

    private static Optional<Object> value(SdkPojo pojo, String name) {
        for (SdkField<?> field : Shape.of(pojo).fields()) {
            if (field.locationName().equals(name)) {
                return Optional.ofNullable(Shape.value(field, pojo));
            }
        }
        return Optional.empty();
    }
}
