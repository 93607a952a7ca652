package dev.groundplane.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimeoutsTest {
    @TempDir
    private Path directory;

    @Test
    void nothingWaitsForTheTimeOfAStatementThatIsOver() throws Exception {
        try (var engine = Engine.open(directory, "dev", new EngineLimits(100_000_000, 100_000_000, 1));
                var session = engine.session("dev")) {
            for (var i = 0; i < 10; i++) {
                try (var statement = session.prepare("SELECT 7");
                        var rows = session.query(statement, Duration.ofDays(1))) {
                    assertThat(rows.next()).isTrue();
                }
            }

            assertThat(((ScheduledThreadPoolExecutor) engine.timer()).getQueue())
                    .isEmpty();
        }
    }
}
