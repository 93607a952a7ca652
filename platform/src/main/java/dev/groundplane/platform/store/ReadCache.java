package dev.groundplane.platform.store;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what reads of one resource type found until something of that type is written. Right where all writes of a
 * database go through one process, because a write returns only after it was announced here; of a shared database it
 * remembers nothing. Thread-safe.
 */
final class ReadCache {
    /** How many resources are held at the most; a few KB each. */
    private static final int MAX_RESOURCES = 5_000;

    private record Generation(ConcurrentMap<List<Object>, Object> found, AtomicInteger resources) {
        static Generation empty() {
            return new Generation(new ConcurrentHashMap<>(), new AtomicInteger());
        }
    }

    private final boolean remembers;
    private volatile Generation current = Generation.empty();

    /** @param remembers whether all writes are announced here before they return */
    ReadCache(boolean remembers) {
        this.remembers = remembers;
    }

    /**
     * The result of {@code read}, remembered under {@code query}.
     *
     * @param query everything that the result depends on, the kind of read included
     * @param size how many resources a result holds
     */
    @SuppressWarnings("unchecked") // a query is always asked with the same result type
    <R> R get(List<Object> query, ToIntFunction<R> size, Supplier<R> read) {
        if (!remembers) {
            return read.get();
        }
        Generation before = current;
        @Nullable Object known = before.found().get(query);
        if (known != null) {
            return (R) known;
        }
        R result = read.get();
        // A write in between has begun another generation: then this goes into one that nobody looks at.
        int weight = 1 + size.applyAsInt(result);
        if (before.resources().addAndGet(weight) <= MAX_RESOURCES) {
            before.found().put(query, result);
        } else {
            before.resources().addAndGet(-weight);
        }
        return result;
    }

    /** Something was written. */
    void forget() {
        current = Generation.empty();
    }
}
