package dev.groundplane.services.rds;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.Filter;

/** Lists as RDS answers them: filtered, and in pages. */
final class Pages {
    private static final int SMALLEST = 20;
    private static final int LARGEST = 100;

    private Pages() {}

    /**
     * A page.
     *
     * @param marker of the next one; null when it is the last
     */
    record Page<T>(List<T> items, @Nullable String marker) {}

    /**
     * The page after a marker.
     *
     * @param all in order of their names
     * @param size from 20 to 100; null for 100
     * @param marker what an answer had; null for the first page
     */
    static <T> Page<T> of(List<T> all, Function<T, String> name, @Nullable Integer size, @Nullable String marker) {
        int most = Objects.requireNonNullElse(size, LARGEST);
        if (most < SMALLEST || most > LARGEST) {
            throw RdsErrors.invalid("MaxRecords %d must be from %d to %d.", most, SMALLEST, LARGEST);
        }
        String after = decoded(marker);
        List<T> left =
                all.stream().filter(one -> name.apply(one).compareTo(after) > 0).toList();
        if (left.size() <= most) {
            return new Page<>(left, null);
        }
        List<T> page = left.subList(0, most);
        return new Page<>(page, encoded(name.apply(page.getLast())));
    }

    private static String decoded(@Nullable String marker) {
        try {
            return marker == null ? "" : new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RdsErrors.invalid("Marker '%s' is none that an answer had.", marker);
        }
    }

    private static String encoded(String name) {
        return Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What all filters let through.
     *
     * @param values of one, by a filter's name
     */
    static <T> List<T> filtered(List<T> all, List<Filter> filters, Map<String, Function<T, List<String>>> values) {
        for (Filter filter : filters) {
            if (!values.containsKey(filter.name())) {
                throw RdsErrors.invalid(
                        "Unrecognized filter name: %s; use one of %s.",
                        filter.name(),
                        String.join(", ", values.keySet().stream().sorted().toList()));
            }
        }
        return all.stream()
                .filter(one -> filters.stream()
                        .allMatch(filter -> Objects.requireNonNull(values.get(filter.name())).apply(one).stream()
                                .anyMatch(filter.values()::contains)))
                .toList();
    }
}
