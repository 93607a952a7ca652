package dev.groundplane.agent.logs;

import java.nio.file.WatchKey;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Wakes the one thread that follows a file whenever it may have grown. {@link #wake} may be called by any thread. */
public final class FileGrowth implements AutoCloseable {
    private static final Duration UNWATCHED_PAUSE = Duration.ofSeconds(1);

    private final Semaphore wakeups = new Semaphore(0);
    private final @Nullable WatchKey key;

    /** Watches by a key that its owner signals; without one the reader looks every second. */
    FileGrowth(@Nullable WatchKey key) {
        this.key = key;
    }

    /** Ends the current or the next {@link #await}. */
    public void wake() {
        wakeups.release();
    }

    /** Blocks until the file may have grown since the last call returned. */
    public void await() throws InterruptedException {
        if (key == null) {
            wakeups.tryAcquire(UNWATCHED_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        wakeups.acquire();
        wakeups.drainPermits();
        // Only now, so that a process that writes much makes one wake-up per batch and not one per line.
        key.pollEvents();
        key.reset();
    }

    @Override
    public void close() {
        if (key != null) {
            key.cancel();
        }
    }
}
