package dev.groundplane.platform.store;

import dev.groundplane.platform.event.Events;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Remembers what was worked out from stored resources until one of their types is written; where other processes may write,
 * nothing. Thread-safe.
 *
 * @param <K> what it was worked out for
 * @param <V> what was worked out
 */
public final class Remembered<K, V> {
    private final boolean remembers;
    private volatile ConcurrentMap<K, V> known = new ConcurrentHashMap<>();

    /** @param types all types of resources that the values depend on */
    public Remembered(Database database, Events events, Collection<String> types) {
        remembers = !database.shared();
        if (remembers) {
            types.forEach(type -> events.subscribe(type, change -> known = new ConcurrentHashMap<>()));
        }
    }

    /** What is remembered, else what {@code work} returns. */
    public V get(K key, Function<K, V> work) {
        // A write in between begins another map: then this goes into one that nobody looks at.
        return remembers ? known.computeIfAbsent(key, work) : work.apply(key);
    }
}
