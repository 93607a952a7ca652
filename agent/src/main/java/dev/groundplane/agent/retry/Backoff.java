package dev.groundplane.agent.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Growing pauses between attempts: up to 250 ms, then half as much again each time up to 10 s. Each is shortened at random by
 * up to a half, so that thousands of agents whose control plane was away do not come back all in the same second. Not thread
 * safe.
 */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final double GROWTH = 1.5;
    private static final double JITTER = 0.5;

    private final Reachability reachability;
    private double millis = (double) FIRST.toMillis();

    /** Pauses that end early when the control plane is known to be reachable again. */
    public Backoff(Reachability reachability) {
        this.reachability = reachability;
    }

    /** Blocks for the next pause. */
    public void pause() throws InterruptedException {
        if (reachability.awaitReturn(next())) {
            reset();
        }
    }

    /** How long the next pause is. */
    Duration next() {
        var part = 1 - JITTER * ThreadLocalRandom.current().nextDouble();
        var pause = Duration.ofMillis((long) (millis * part));
        millis = Math.min(millis * GROWTH, (double) LONGEST.toMillis());
        return pause;
    }

    /** Begins again with the shortest pause, after a success. */
    public void reset() {
        millis = (double) FIRST.toMillis();
    }
}
