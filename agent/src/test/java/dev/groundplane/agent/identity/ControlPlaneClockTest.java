package dev.groundplane.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ControlPlaneClockTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

    private final ControlPlaneClock clock = new ControlPlaneClock(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void tellsTheHostsTimeUntilItKnowsBetter() {
        assertThat(clock.instant()).isEqualTo(NOW);
    }

    @Test
    void learnsTheControlPlanesTime() {
        clock.learn("Thu, 15 Jan 2026 13:00:00 GMT");
        assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(3_600));

        clock.learn("Thu, 15 Jan 2026 11:00:00 GMT");
        assertThat(clock.instant()).isEqualTo(NOW.minusSeconds(3_600));
    }

    @Test
    void staysWhenTheDifferenceIsSmallOrTheDateIsNone() {
        clock.learn("Thu, 15 Jan 2026 12:00:04 GMT");
        clock.learn("yesterday");

        assertThat(clock.instant()).isEqualTo(NOW);
    }
}
