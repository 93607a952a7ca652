package dev.groundplane.platform.store;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what reads of one resource type found until something of that type is written. Right because all writes of a
 * database go through its one process and a write returns only after it was announced here. Thread-safe.
 */
final class ReadCache {
    private static final int MAX_ENTRIES = 2_000;

    private volatile ConcurrentMap<List<Object>, Object> found = new ConcurrentHashMap<>();

    /**
     * The result of {@code read}, remembered under {@code query}.
     *
     * @param query everything that the result depends on, the kind of read included
     */
    @SuppressWarnings("unchecked") // a query is always asked with the same result type
    <R> R get(List<Object> query, Supplier<R> read) {
        ConcurrentMap<List<Object>, Object> before = found;
        @Nullable Object known = before.get(query);
        if (known != null) {
            return (R) known;
        }
        R result = read.get();
        // A write in between has put another map in place: then this goes into one that nobody looks at.
        if (before.size() < MAX_ENTRIES) {
            before.put(query, result);
        }
        return result;
    }

    /** Something was written. */
    void forget() {
        found = new ConcurrentHashMap<>();
    }
}
