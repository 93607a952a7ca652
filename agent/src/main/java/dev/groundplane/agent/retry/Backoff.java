package dev.groundplane.agent.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Growing pauses between attempts: 250 ms, then half as much again each time up to 10 s, with jitter. Not thread safe. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final double GROWTH = 1.5;
    private static final double JITTER = 0.2;

    private final Reachability reachability;
    private double millis = (double) FIRST.toMillis();

    /** Pauses that end early when the control plane is known to be reachable again. */
    public Backoff(Reachability reachability) {
        this.reachability = reachability;
    }

    /** Blocks for the next pause. */
    public void pause() throws InterruptedException {
        var spread = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        var pause = Duration.ofMillis((long) (millis * spread));
        millis = Math.min(millis * GROWTH, (double) LONGEST.toMillis());
        if (reachability.awaitReturn(pause)) {
            reset();
        }
    }

    /** Begins again with the shortest pause, after a success. */
    public void reset() {
        millis = (double) FIRST.toMillis();
    }
}
