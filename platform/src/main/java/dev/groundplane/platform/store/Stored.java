package dev.groundplane.platform.store;

import dev.groundplane.platform.identity.Scope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource as it was read.
 *
 * @param scope account and region
 * @param name unique within scope and type
 * @param version counts the writes; a write with a stale version is refused
 * @param value the resource
 * @param extra what Groundplane keeps beside it and AWS's model has no member for
 * @param <T> the value class
 */
public record Stored<T>(Scope scope, String name, long version, T value, Map<String, String> extra) {
    /** The same resource with another value, to be passed to {@link Resources#update}. */
    public Stored<T> with(T newValue) {
        return new Stored<>(scope, name, version, newValue, extra);
    }

    /** The same resource with one extra set, or removed when {@code setting} is null. */
    public Stored<T> withExtra(String key, @Nullable String setting) {
        Map<String, String> changed = new HashMap<>(extra);
        if (setting == null) {
            changed.remove(key);
        } else {
            changed.put(key, setting);
        }
        return new Stored<>(scope, name, version, value, Map.copyOf(changed));
    }
}
