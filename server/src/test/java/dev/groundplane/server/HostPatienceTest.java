package dev.groundplane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatienceTest {
    @Test
    void itIsFiveMinutesWhenNobodySaysOtherwise() {
        assertThat(HostPatience.of(null)).isEqualTo(Duration.ofMinutes(5));
        assertThat(HostPatience.of("")).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void hoursMinutesAndSecondsAreUnderstood() {
        assertThat(HostPatience.of("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(HostPatience.of("1h30m")).isEqualTo(Duration.ofMinutes(90));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "soon", "0s", "-5m"})
    void anythingElseIsRefusedWithItsName(String text) {
        assertThatThrownBy(() -> HostPatience.of(text))
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("GROUNDPLANE_HOST_LOST_AFTER is '" + text + "'");
    }
}
