package dev.groundplane.platform.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is to what is wanted, one key at a time. The step reads the wanted state of its key and acts; it must be
 * idempotent. A key is worked on by one thread at a time; a key enqueued while its step runs is worked on once more; a
 * step that throws is repeated with growing pauses. Thread-safe.
 *
 * @param <K> what identifies a thing to reconcile
 */
public final class Reconciler<K> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String name;
    private final Consumer<K> step;
    private final ScheduledExecutorService timer;
    private final Set<K> running = new HashSet<>();
    private final Set<K> again = new HashSet<>();
    private final Map<K, Integer> failures = new HashMap<>();

    /**
     * @param name for log lines
     * @param step reconciles one key; may block
     */
    public Reconciler(String name, Consumer<K> step) {
        this.name = name;
        this.step = step;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name(name + "-timer").factory());
    }

    /** Asks for a step for {@code key}; returns at once. */
    public synchronized void enqueue(K key) {
        if (running.add(key)) {
            Thread.ofVirtual().name(name).start(() -> run(key));
        } else {
            again.add(key);
        }
    }

    /** Asks for a step for {@code key} after a delay. */
    public void enqueueAfter(K key, Duration delay) {
        try {
            var _ = timer.schedule(() -> enqueue(key), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is closed: {} stays as it is", name, key);
        }
    }

    private void run(K key) {
        do {
            try {
                step.accept(key);
                succeeded(key);
            } catch (RuntimeException | Error e) { // whatever it is, the key must not stay stuck
                int count = failed(key);
                Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count, 12));
                Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
                LOG.warn("{} of {} failed {} times, next in {}", name, key, count, bounded, e);
                enqueueAfter(key, bounded);
            }
        } while (onceMore(key));
    }

    private synchronized void succeeded(K key) {
        failures.remove(key);
    }

    private synchronized int failed(K key) {
        return failures.merge(key, 1, Integer::sum);
    }

    private synchronized boolean onceMore(K key) {
        if (again.remove(key)) {
            return true;
        }
        running.remove(key);
        return false;
    }

    /** Starts no further delayed steps. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
