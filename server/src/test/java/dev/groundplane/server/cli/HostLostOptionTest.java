package dev.groundplane.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HostLostOptionTest {
    private static HostLostOption given(String... words) {
        return CommandLine.populateCommand(new HostLostOption(), words);
    }

    @Test
    void itIsFiveMinutesWhenNobodySaysOtherwise() {
        assertThat(given().duration()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void hoursMinutesAndSecondsAreUnderstood() {
        assertThat(given("--host-lost-after", "90s").duration()).isEqualTo(Duration.ofSeconds(90));
        assertThat(given("--host-lost-after", "1h30m").duration()).isEqualTo(Duration.ofMinutes(90));
    }

    @Test
    void anotherProcessTakesItAsItWasGiven() {
        var given = given("--host-lost-after", "90s");
        assertThat(given(given.arguments().toArray(String[]::new)).duration()).isEqualTo(given.duration());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "soon", "0s", "-5m", ""})
    void anythingElseIsRefusedWithItsName(String text) {
        assertThatThrownBy(() -> given("--host-lost-after", text).duration())
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("--host-lost-after is '" + text + "'");
    }
}
