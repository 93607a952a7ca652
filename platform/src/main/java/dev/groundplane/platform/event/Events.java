package dev.groundplane.platform.event;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells subscribers in this process about committed changes. Thread-safe. */
public final class Events {
    private final Map<String, List<Consumer<ResourceChange>>> subscribers = new ConcurrentHashMap<>();

    /**
     * Calls {@code subscriber} after each committed change of a type, on the writer's thread: it must only enqueue.
     *
     * @param type a resource type's name
     */
    public void subscribe(String type, Consumer<ResourceChange> subscriber) {
        subscribers.computeIfAbsent(type, t -> new CopyOnWriteArrayList<>()).add(subscriber);
    }

    /** Tells the type's subscribers. */
    public void publish(ResourceChange change) {
        subscribers.getOrDefault(change.type(), List.of()).forEach(s -> s.accept(change));
    }
}
