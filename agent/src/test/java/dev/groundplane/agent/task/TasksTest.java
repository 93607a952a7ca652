package dev.groundplane.agent.task;

import static dev.groundplane.agent.task.TaskScenario.ARN;
import static dev.groundplane.agent.task.TaskScenario.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.task.TaskReport.ContainerReport;
import dev.groundplane.agent.task.TaskReport.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TasksTest {
    @TempDir
    Path data;

    private TaskScenario agent;

    @BeforeEach
    void begin() throws IOException {
        agent = new TaskScenario(data);
    }

    private TaskReport stopped() throws InterruptedException {
        var report = agent.report();
        assertThat(report.status()).isEqualTo(Status.STOPPED);
        agent.awaitNoTasks();
        return report;
    }

    private void expectRunning() throws InterruptedException {
        assertThat(agent.report().status()).isEqualTo(Status.RUNNING);
    }

    @Test
    void aTaskThatEndsAtOnceIsReportedRunningFirst() throws Exception {
        agent.accept(container("main", true, "exit 3"));
        expectRunning();
        var report = stopped();
        assertThat(report.taskArn()).isEqualTo(ARN);
        assertThat(report.reason()).isEqualTo("Essential container in task exited");
        assertThat(report.stoppedAtMillis()).isEqualTo(42);
        assertThat(report.containers())
                .containsExactly(new ContainerReport("main", Status.STOPPED, "t1/main", 3, null, null, List.of()));
    }

    @Test
    void anEssentialContainersEndStopsTheOthers() throws Exception {
        agent.accept(container("main", true, "wait") + "," + container("side", false, "wait"));
        expectRunning();
        agent.host.end("main", 0);
        assertThat(stopped().containers())
                .extracting(ContainerReport::name, ContainerReport::exitCode)
                .containsExactlyInAnyOrder(tuple("main", 0), tuple("side", 143));
    }

    @Test
    void aContainerThatIsNotEssentialMayEnd() throws Exception {
        agent.accept(container("main", true, "wait") + "," + container("side", false, "exit 1"));
        expectRunning();
        agent.host.end("main", 0);
        assertThat(stopped().containers()).extracting(ContainerReport::exitCode).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void dependentsStartInOrderAndStopInReverse() throws Exception {
        agent.accept(String.join(
                ",",
                container("last", true, "wait", "middle START"),
                container("middle", true, "wait", "init SUCCESS"),
                container("init", false, "exit 0")));
        expectRunning();
        agent.accept("", "STOPPED", "");
        var report = stopped();
        assertThat(report.reason()).isNull();
        assertThat(agent.host.history)
                .containsExactly("start init", "start middle", "start last", "stop last", "stop middle");
    }

    @Test
    void completeAsksForTheEndOnly() throws Exception {
        agent.accept(container("main", true, "exit 0", "init COMPLETE") + "," + container("init", false, "exit 9"));
        expectRunning();
        assertThat(stopped().containers()).extracting(ContainerReport::exitCode).containsExactlyInAnyOrder(0, 9);
    }

    @Test
    void aFailedDependencyEndsTheTask() throws Exception {
        agent.accept(container("main", true, "exit 0", "init SUCCESS") + "," + container("init", false, "exit 9"));
        var report = stopped();
        assertThat(report.reason())
                .isEqualTo("CannotStartContainerError: container main depends on init (SUCCESS): it ended with exit"
                        + " code 9");
        assertThat(report.containers().getFirst())
                .isEqualTo(new ContainerReport("main", Status.STOPPED, null, null, report.reason(), null, List.of()));
    }

    @Test
    void dependentsWaitForAContainerOnlyAsLongAsItsStartTimeout() throws Exception {
        agent.accept(container("main", true, "wait", "init COMPLETE") + "," + container("init", false, "wait"));
        assertThat(agent.event()).isEqualTo("start init");
        agent.timers.take().run();
        assertThat(stopped().reason()).contains("main depends on init").contains("startTimeout of 5 s");
    }

    @Test
    void containersThatWaitForEachOtherEndTheTask() throws Exception {
        agent.accept(container("a", true, "wait", "b START") + "," + container("b", true, "wait", "a START"));
        assertThat(stopped().reason()).contains("wait for each other");
    }

    @Test
    void aFailedStartIsTheTasksReason() throws Exception {
        agent.accept(container("main", true, "fail") + "," + container("side", false, "wait"));
        var report = stopped();
        assertThat(report.reason()).isEqualTo("CannotStartContainerError: program fail: it never starts; use another");
        var main = report.containers().getFirst();
        assertThat(main.reason()).isEqualTo(report.reason());
        assertThat(main.exitCode()).isNull();
    }

    @Test
    void anImageWithoutADriverCannotStart() throws Exception {
        agent.accept("{\"name\": \"main\", \"image\": \"nginx\", \"essential\": true}");
        assertThat(stopped().reason())
                .isEqualTo("CannotStartContainerError: image nginx: this agent has no container engine; use"
                        + " image host, or install podman or docker on its host and start the agent again");
    }

    @Test
    void aKnownTaskRunsOnceHoweverOftenItIsSent() throws Exception {
        var containers = container("main", true, "wait");
        agent.accept(containers);
        expectRunning();
        agent.accept(containers);
        agent.accept(containers, "STOPPED", "");
        agent.accept(containers);
        stopped();
        assertThat(agent.host.history).containsExactly("start main", "stop main");
    }

    @Test
    void aTaskThatIsOverIsReportedAgainAndNotRunAgain() throws Exception {
        agent.accept(container("main", true, "exit 3"));
        expectRunning();
        var report = stopped();
        agent.restart();
        agent.accept(container("main", true, "exit 3"));
        assertThat(stopped()).isEqualTo(report);
        assertThat(agent.host.history).containsExactly("start main");
    }

    @Test
    void aTaskThatThisAgentLostIsNotRunAgain() throws Exception {
        agent.accept(container("main", true, "wait"), "RUNNING", ", \"groundplane\": {\"startedBefore\": true}");
        assertThat(stopped().reason())
                .isEqualTo("The container instance no longer knows this task: its data directory was lost");
        assertThat(agent.host.history).isEmpty();
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws Exception {
        agent.accept(container("../../etc", true, "wait"));
        assertThat(stopped().reason()).startsWith("container name ../../etc");
    }

    @Test
    void aNewAgentGoesOnWithWhatRuns() throws Exception {
        agent.accept(container("main", true, "wait"));
        expectRunning();
        agent.awaitJournal(state -> state.acknowledged() == Acknowledged.RUNNING);
        agent.restart();
        agent.tasks.recover();
        assertThat(agent.tasks.arns()).containsExactly(ARN);
        agent.accept("", "STOPPED", "");
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(143);
        assertThat(agent.host.history).containsExactly("start main", "stop main");
    }

    @Test
    void reportsThatCouldNotBeDeliveredAreDeliveredByTheNextAgent() throws Exception {
        agent.controlPlaneGoesAway();
        agent.accept(container("main", true, "exit 3"));
        agent.awaitJournal(state -> state.container("main").stopped());
        agent.restart();
        agent.tasks.recover();
        agent.reportsAccepted.release(4);
        expectRunning();
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(3);
        assertThat(agent.host.history).containsExactly("start main");
    }

    @Test
    void afterARestartOfTheHostNothingIsStartedAgain() throws Exception {
        agent.accept(container("main", true, "wait", "init COMPLETE") + "," + container("init", false, "wait"));
        agent.awaitJournal(state -> state.container("init").started());
        agent.bootId = "boot 2";
        agent.restart();
        agent.host.end("init", 137);
        agent.tasks.recover();
        assertThat(stopped().reason()).isEqualTo("The host restarted while the task was on it");
        assertThat(agent.host.history).containsExactly("start init");
    }

    @Test
    void tasksCanBeStoppedWithoutAControlPlane() throws Exception {
        agent.accept(container("main", true, "wait"));
        expectRunning();
        agent.awaitJournal(state -> state.acknowledged() == Acknowledged.RUNNING);
        agent.controlPlaneGoesAway();
        agent.restart();
        agent.tasks.recoverAndStop();
        assertThat(agent.host.history).containsExactly("start main", "stop main");
        agent.restart();
        agent.tasks.recover();
        agent.reportsAccepted.release(4);
        assertThat(stopped().containers().getFirst().exitCode()).isEqualTo(143);
    }
}
