package dev.groundplane.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EventIdsTest {
    private static final long YEAR_10000 = 253_402_300_800_000L;

    @Property(tries = 200)
    void anIdIsAVersion7UuidThatTellsItsTime(@ForAll @LongRange(max = YEAR_10000) long millis) {
        Instant time = Instant.ofEpochMilli(millis);
        UUID id = UUID.fromString(EventIds.at(time));

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(EventIds.time(id.toString())).contains(time);
    }

    @Property(tries = 100)
    void idsSortByTheirTime(
            @ForAll @LongRange(max = YEAR_10000) long earlier, @ForAll @LongRange(min = 1, max = 1_000) long gap) {
        assertThat(EventIds.at(Instant.ofEpochMilli(earlier)))
                .isLessThan(EventIds.at(Instant.ofEpochMilli(earlier + gap)));
    }

    @Test
    void idsOfOneMomentDiffer() {
        Instant now = Instant.parse("2026-01-15T12:00:00Z");
        assertThat(EventIds.at(now)).isNotEqualTo(EventIds.at(now));
    }

    @Test
    void otherTextHasNoTime() {
        assertThat(EventIds.time("6fa459ea-ee8a-4ca4-894e-db77e160355e")).isEmpty();
        assertThat(EventIds.time("")).isEmpty();
        assertThat(EventIds.time("0198c1f2")).isEmpty();
    }
}
