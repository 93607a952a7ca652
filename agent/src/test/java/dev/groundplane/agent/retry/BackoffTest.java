package dev.groundplane.agent.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    /** After so many pauses they are as long as they get. */
    private static final int MANY = 20;

    private static Duration after(int pauses) {
        var backoff = new Backoff(new Reachability());
        for (var pause = 0; pause < pauses; pause++) {
            backoff.next();
        }
        return backoff.next();
    }

    @Test
    void pausesGrowUpToTenSeconds() {
        assertThat(after(0)).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
        assertThat(after(1)).isBetween(Duration.ofMillis(187), Duration.ofMillis(375));
        assertThat(after(MANY)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    @Test
    void thoseOfManyAgentsAreSpreadOverSeconds() {
        var seconds = IntStream.range(0, 10_000)
                .mapToLong(agent -> after(MANY).toSeconds())
                .distinct();
        assertThat(seconds).contains(5L, 6L, 7L, 8L, 9L);
    }
}
