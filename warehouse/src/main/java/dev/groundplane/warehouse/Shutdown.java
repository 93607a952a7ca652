package dev.groundplane.warehouse;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * The process's end by a signal. Whenever that comes, also while the process starts, it waits until everything is closed: the JVM
 * would otherwise halt in the middle of that. Thread-safe.
 */
final class Shutdown {
    private final CompletableFuture<Void> wanted = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Runs an action when the end is wanted; at once when it is already. */
    void whenWanted(Runnable action) {
        var _ = wanted.thenRun(action);
    }

    /** Everything is closed, or failed to be. */
    void closed() {
        closed.countDown();
    }

    /** Wants the end and waits for it; what a shutdown hook does. The same when it is called again. */
    void end() {
        wanted.complete(null);
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
