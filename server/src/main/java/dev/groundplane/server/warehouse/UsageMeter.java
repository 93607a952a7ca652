package dev.groundplane.server.warehouse;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells for how long a worker has been awake: every minute, and when it is closed, which is when the worker has gone. Thread-safe. */
final class UsageMeter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageMeter.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final BiConsumer<Instant, Instant> awake;
    private final InstantSource clock;
    private final Thread timer;
    private Instant start;

    /** @param awake takes from when until when, in whole seconds */
    UsageMeter(BiConsumer<Instant, Instant> awake, InstantSource clock) {
        this.awake = awake;
        this.clock = clock;
        start = now();
        timer = Thread.ofVirtual().name("usage").start(this::run);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                record();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void record() {
        Instant end = now();
        if (!end.isAfter(start)) {
            return;
        }
        try {
            awake.accept(start, end);
            start = end;
        } catch (RuntimeException e) { // the next one has it, too
            LOG.error("the time from {} to {} cannot be recorded", start, end, e);
        }
    }

    @Override
    public void close() {
        timer.interrupt();
        record();
    }
}
