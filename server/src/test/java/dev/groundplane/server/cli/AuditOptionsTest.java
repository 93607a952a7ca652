package dev.groundplane.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.AuditSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class AuditOptionsTest {
    private static AuditOptions given(String... words) {
        return CommandLine.populateCommand(new AuditOptions(), words);
    }

    @Test
    void everythingIsKeptForEverAndSignedEveryMinuteWhenNobodySaysOtherwise() {
        assertThat(given().settings()).isEqualTo(AuditSettings.DEFAULT);
    }

    @Test
    void anOperatorCanSayOtherwise() {
        AuditSettings settings = given(
                        "--audit-keep-days",
                        "400",
                        "--audit-checkpoint-every",
                        "10s",
                        "--trail-log-file-every",
                        "1s",
                        "--trail-digest-every",
                        "1h30m")
                .settings();
        assertThat(settings.keep()).contains(Duration.ofDays(400));
        assertThat(settings.checkpoints()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.deliveries().logFiles()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.deliveries().digests()).isEqualTo(Duration.ofMinutes(90));
    }

    @Test
    void anotherProcessTakesThemAsTheyWereGiven() {
        AuditOptions given = given("--audit-keep-days", "7", "--trail-digest-every", "5s");
        assertThat(given(given.arguments().toArray(String[]::new)).settings()).isEqualTo(given.settings());
        assertThat(given(given().arguments().toArray(String[]::new)).settings()).isEqualTo(AuditSettings.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "90d", ""})
    void aNumberOfDaysThatIsNoneIsRefusedWithItsName(String days) {
        assertThatThrownBy(() -> given("--audit-keep-days", days).settings())
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining("--audit-keep-days is '" + days + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--audit-checkpoint-every", "--trail-log-file-every", "--trail-digest-every"})
    void aDurationThatIsNoneIsRefusedWithItsName(String option) {
        assertThatThrownBy(() -> given(option, "soon").settings())
                .isInstanceOf(GroundplaneException.class)
                .hasMessageContaining(option + " is 'soon'");
    }
}
