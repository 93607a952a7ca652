package dev.groundplane.platform.event;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells subscribers in this process about committed changes, whichever process made them. Thread-safe.
 *
 * <p>All processes that share a database run the same code, so what nobody here subscribes to nobody elsewhere does.
 */
public final class Events {
    private final Map<String, List<Consumer<ResourceChange>>> subscribers = new ConcurrentHashMap<>();
    private final List<Runnable> afterGaps = new CopyOnWriteArrayList<>();

    /**
     * Calls {@code subscriber} after each committed change of a type, on the thread that learns of it: it must only
     * enqueue.
     *
     * @param type a resource type's name
     */
    public void subscribe(String type, Consumer<ResourceChange> subscriber) {
        subscribers.computeIfAbsent(type, t -> new CopyOnWriteArrayList<>()).add(subscriber);
    }

    /**
     * Calls {@code action} when other processes' changes may have gone by untold: it must have everything looked at again.
     * It must only enqueue.
     */
    public void afterGap(Runnable action) {
        afterGaps.add(action);
    }

    /** Says that changes may have gone by untold. */
    public void gap() {
        afterGaps.forEach(Runnable::run);
    }

    /** Whether anybody wants to know of a type's changes. */
    public boolean hasSubscribers(String type) {
        return subscribers.containsKey(type);
    }

    /** Tells the type's subscribers. */
    public void publish(ResourceChange change) {
        subscribers.getOrDefault(change.type(), List.of()).forEach(s -> s.accept(change));
    }
}
