package dev.groundplane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditSettingsTest {
    @Test
    void everythingIsKeptForEverAndSignedEveryMinuteWhenNobodySaysOtherwise() {
        assertThat(AuditSettings.keep(Map.of())).isEmpty();
        assertThat(AuditSettings.checkpoints(Map.of())).isEqualTo(Duration.ofMinutes(1));
        assertThat(AuditSettings.intervals(Map.of()).logFiles()).isEqualTo(Duration.ofMinutes(1));
        assertThat(AuditSettings.intervals(Map.of()).digests()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void anOperatorCanSayOtherwise() {
        assertThat(AuditSettings.keep(Map.of("GROUNDPLANE_AUDIT_KEEP_DAYS", "400")))
                .contains(Duration.ofDays(400));
        assertThat(AuditSettings.intervals(Map.of("GROUNDPLANE_TRAIL_DIGEST_EVERY", "5s"))
                        .digests())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "90d"})
    void aNumberOfDaysThatIsNoneIsRefusedWithItsName(String days) {
        assertThatThrownBy(() -> AuditSettings.keep(Map.of("GROUNDPLANE_AUDIT_KEEP_DAYS", days)))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("GROUNDPLANE_AUDIT_KEEP_DAYS is '" + days + "'");
    }
}
