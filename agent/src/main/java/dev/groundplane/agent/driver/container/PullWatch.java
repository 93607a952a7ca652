package dev.groundplane.agent.driver.container;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes a pull's connection when it takes too long or says nothing for too long. Thread safe. */
final class PullWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PullWatch.class);

    private final EngineExchange exchange;
    private final long silenceNanos;
    private final long end;
    private volatile long progressedAt = System.nanoTime();
    private volatile boolean expired;
    private volatile boolean closed;

    PullWatch(EngineExchange exchange, Duration longest, Duration silence) {
        this.exchange = exchange;
        this.silenceNanos = silence.toNanos();
        this.end = progressedAt + longest.toNanos();
        watch();
    }

    /** Says that the pull goes on. */
    void progressed() {
        progressedAt = System.nanoTime();
    }

    /** Whether the watch has closed the connection. */
    boolean expired() {
        return expired;
    }

    private long leftNanos() {
        return Math.min(progressedAt + silenceNanos, end) - System.nanoTime();
    }

    private void watch() {
        CompletableFuture.delayedExecutor(leftNanos(), TimeUnit.NANOSECONDS).execute(this::look);
    }

    private void look() {
        if (closed) {
            return;
        }
        if (leftNanos() > 0) {
            watch();
            return;
        }
        expired = true;
        try {
            exchange.close();
        } catch (IOException e) {
            log.debug("closing a pull", e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
