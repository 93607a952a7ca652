package dev.groundplane.agent.task;

import static dev.groundplane.agent.task.TaskScenario.container;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HealthTest {
    @TempDir
    Path data;

    private TaskScenario agent;

    @BeforeEach
    void begin() throws IOException {
        agent = new TaskScenario(data);
    }

    @AfterEach
    void end() throws IOException {
        agent.end();
    }

    /** A check every millisecond. */
    private static String check(Duration startPeriod) {
        return ("{\\\"Healthcheck\\\": {\\\"Test\\\": [\\\"CMD\\\", \\\"true\\\"], \\\"Interval\\\": 1000000,"
                        + " \\\"Retries\\\": 2, \\\"StartPeriod\\\": %d}}")
                .formatted(startPeriod.toNanos());
    }

    private static String checked(String name, boolean essential, Duration startPeriod) {
        return container(name, essential, "wait")
                .replaceFirst(
                        "\\{",
                        "{\"healthCheckType\": \"docker\", \"dockerConfig\": {\"config\": \"%s\"}, "
                                .formatted(check(startPeriod))
                                .replace("\\", "\\\\"));
    }

    @Test
    void oneSuccessMakesHealthyAndAsManyFailuresAsRetriesUnhealthy() throws Exception {
        agent.host.checks.addAll(List.of(1, 0, 1, 0, 1, 1, 0));
        agent.accept(checked("main", true, Duration.ZERO));
        assertThat(agent.health.take()).isEqualTo("{main=HEALTHY}");
        assertThat(agent.health.take()).isEqualTo("{main=UNHEALTHY}");
        assertThat(agent.health.take()).isEqualTo("{main=HEALTHY}");
    }

    @Test
    void failuresInTheStartPeriodDoNotCount() throws Exception {
        agent.host.checks.addAll(List.of(1, 1, 1, 1, 0));
        agent.accept(checked("main", true, Duration.ofHours(1)));
        assertThat(agent.health.take()).isEqualTo("{main=HEALTHY}");
    }

    @Test
    void dependentsWaitForHealth() throws Exception {
        agent.accept(
                checked("database", true, Duration.ZERO) + "," + container("main", true, "wait", "database HEALTHY"));
        assertThat(agent.event()).isEqualTo("start database");
        agent.host.checks.add(0);
        assertThat(agent.event()).isEqualTo("start main");
    }

    @Test
    void dependentsOfWhatIsUnhealthyCannotStart() throws Exception {
        agent.accept(
                checked("database", true, Duration.ZERO) + "," + container("main", true, "wait", "database HEALTHY"));
        assertThat(agent.event()).isEqualTo("start database");
        agent.host.checks.addAll(List.of(1, 1));
        assertThat(agent.report().reason()).contains("main depends on database (HEALTHY): its health check fails");
    }
}
