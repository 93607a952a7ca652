package dev.groundplane.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** Which members of a request are set, so that a service can refuse by name what it does not implement. */
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
}
