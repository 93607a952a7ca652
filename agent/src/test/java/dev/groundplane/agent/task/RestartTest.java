package dev.groundplane.agent.task;

import static dev.groundplane.agent.task.TaskScenario.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.task.TaskReport.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RestartTest {
    private static final String OF_SERVICE = ", \"groundplane\": {\"startedBefore\": false, \"service\": \"web\"}";

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

    private static String withPolicy(String policy) {
        return container("main", true, "wait").replaceFirst("\\{", "{\"restartPolicy\": {%s}, ".formatted(policy));
    }

    private void running(String containers, String more) throws Exception {
        agent.accept(containers, "RUNNING", more);
        assertThat(agent.report().status()).isEqualTo(Status.RUNNING);
        assertThat(agent.event()).isEqualTo("start main");
        agent.timers.take(); // of the startTimeout
        agent.awaitJournal(state -> state.acknowledged() == Acknowledged.RUNNING);
    }

    private void ranFor(Duration time) {
        agent.uptime = agent.uptime.plus(time);
    }

    private TaskReport stopped() throws InterruptedException {
        var report = agent.report();
        assertThat(report.status()).isEqualTo(Status.STOPPED);
        return report;
    }

    @Test
    void aPolicyStartsAContainerAgain() throws Exception {
        running(withPolicy("\"enabled\": true"), "");
        for (var attempt = 1; attempt <= 3; attempt++) {
            ranFor(Duration.ofMinutes(5));
            agent.host.end("main", 1);
            assertThat(agent.event()).isEqualTo("start main/" + attempt);
            var expected = attempt;
            agent.awaitJournal(state -> state.container("main").attempt() == expected
                    && state.container("main").startedUptimeMillis() != null);
        }
        assertThat(agent.reports).isEmpty();
    }

    @Test
    void whatEndsBeforeItsPeriodIsNotStartedAgain() throws Exception {
        running(withPolicy("\"enabled\": true, \"restartAttemptPeriod\": 60"), "");
        ranFor(Duration.ofSeconds(59));
        agent.host.end("main", 1);
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(1);
    }

    @Test
    void anIgnoredExitCodeEndsTheContainer() throws Exception {
        running(withPolicy("\"enabled\": true, \"ignoredExitCodes\": [0, 3]"), "");
        ranFor(Duration.ofHours(1));
        agent.host.end("main", 3);
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(3);
    }

    @Test
    void theTimeThatAContainerRanOutlastsTheAgent() throws Exception {
        running(withPolicy("\"enabled\": true"), "");
        ranFor(Duration.ofSeconds(200));
        agent.restart();
        ranFor(Duration.ofSeconds(200));
        agent.host.end("main", 1);
        agent.tasks.recover();
        assertThat(agent.event()).isEqualTo("start main/1");
    }

    @Test
    void aServicesTaskEndsWhileTheControlPlaneCanReplaceIt() throws Exception {
        running(container("main", true, "wait"), OF_SERVICE);
        agent.host.end("main", 1);
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(1);
    }

    @Test
    void aServicesTaskIsStartedAgainWhileTheControlPlaneIsAway() throws Exception {
        running(container("main", true, "wait"), OF_SERVICE);
        agent.controlPlaneGoesAway();
        for (var attempt = 1; attempt <= 3; attempt++) {
            agent.host.end("main", 1);
            agent.timers.take().run();
            assertThat(agent.event()).isEqualTo("start main/" + attempt);
            var expected = attempt;
            agent.awaitJournal(state -> state.container("main").attempt() == expected
                    && state.container("main").startedUptimeMillis() != null);
        }
        agent.accept("", "STOPPED", "");
        assertThat(agent.event()).isEqualTo("stop main/3");
        agent.reportsAccepted.release(4);
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(143);
    }

    @Test
    void aTaskOfItsOwnIsNotStartedAgainWhileTheControlPlaneIsAway() throws Exception {
        running(container("main", true, "wait"), "");
        agent.controlPlaneGoesAway();
        agent.host.end("main", 7);
        agent.reportsAccepted.release(4);
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(7);
    }

    @Test
    void aStopDuringThePauseEndsTheTask() throws Exception {
        running(container("main", true, "wait"), OF_SERVICE);
        agent.controlPlaneGoesAway();
        agent.host.end("main", 5);
        var wakeUp = agent.timers.take();
        agent.accept("", "STOPPED", "");
        agent.awaitJournal(state -> state.container("main").stopped());
        wakeUp.run();
        agent.reportsAccepted.release(4);
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(5);
        assertThat(agent.host.history).isEmpty();
    }

    @Test
    void anAgentThatCrashesInThePauseStartsTheContainerAgain() throws Exception {
        running(container("main", true, "wait"), OF_SERVICE);
        agent.controlPlaneGoesAway();
        agent.host.end("main", 5);
        agent.timers.take();
        agent.restart();
        agent.tasks.recover();
        agent.timers.take().run();
        assertThat(agent.event()).isEqualTo("start main/1");
    }

    @Test
    void aServicesTaskComesBackWithItsHost() throws Exception {
        running(container("main", true, "wait"), OF_SERVICE);
        agent.bootId = "boot 2";
        agent.restart();
        agent.host.end("main", 137);
        agent.tasks.recover();
        assertThat(agent.event()).isEqualTo("start main/1");
        agent.awaitJournal(state -> state.bootId().equals("boot 2"));
        assertThat(agent.reports).isEmpty();
    }

    @Test
    void strangersAreTasksThatTheControlPlaneDoesNotName() throws Exception {
        running(container("main", true, "wait"), "");
        assertThat(agent.tasks.strangers(Set.of(TaskScenario.ARN))).isEmpty();
        assertThat(agent.tasks.strangers(Set.of())).containsExactly(TaskScenario.ARN);
        agent.tasks.stopStrangers(List.of(TaskScenario.ARN, "arn:unknown"));
        assertThat(agent.event()).isEqualTo("stop main");
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(143);
    }
}
