package dev.groundplane.services.iam;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing. Markers are the names after which the next page begins.
 *
 * @param marker null on the last page
 */
record Listing<T>(List<T> items, @Nullable String marker) {
    boolean truncated() {
        return marker != null;
    }

    /**
     * A page of stored resources.
     *
     * @param prefix what their names begin with
     * @param wanted which of them are listed
     */
    static <T> Listing<T> of(
            Resources<T> resources,
            Scope scope,
            String prefix,
            @Nullable String marker,
            @Nullable Integer maxItems,
            Predicate<T> wanted) {
        Listing<Stored<T>> page =
                ofStored(resources, scope, prefix, marker, maxItems, stored -> wanted.test(stored.value()));
        return new Listing<>(page.items().stream().map(Stored::value).toList(), page.marker());
    }

    /** The same with what is kept beside the resources. */
    static <T> Listing<Stored<T>> ofStored(
            Resources<T> resources,
            Scope scope,
            String prefix,
            @Nullable String marker,
            @Nullable Integer maxItems,
            Predicate<Stored<T>> wanted) {
        int limit = Members.maxItems(maxItems);
        List<Stored<T>> found = new ArrayList<>();
        Optional<String> next = Optional.of(Objects.requireNonNullElse(marker, ""));
        while (next.isPresent() && found.size() < limit) {
            Page<T> page = resources.list(scope, prefix, next.get(), limit - found.size());
            page.items().stream().filter(wanted).forEach(found::add);
            next = page.next();
        }
        return new Listing<>(found, next.orElse(null));
    }

    /** A page of what is at hand; the marker is a position in it. */
    static <T> Listing<T> of(List<T> all, @Nullable String marker, @Nullable Integer maxItems) {
        int limit = Members.maxItems(maxItems);
        int from = marker == null ? 0 : position(marker);
        int to = Math.min(all.size(), from + limit);
        return new Listing<>(
                all.subList(Math.min(from, all.size()), to), to < all.size() ? Integer.toString(to) : null);
    }

    private static int position(String marker) {
        if (!marker.matches("[0-9]{1,9}")) {
            throw IamErrors.validation("Invalid Marker: %s", marker);
        }
        return Integer.parseInt(marker);
    }
}
