package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Task;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class StateReportsTest {
    private EcsFixture ecs;
    private ContainerInstance host;
    private String task;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
        host = ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 100, 200);
        task = ecs.run("etl").taskArn();
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    @Test
    void aTaskRunsAndStopsWithItsExitCode() {
        ecs.pass(Duration.ofSeconds(1));
        ecs.report(task, "RUNNING");
        assertThat(ecs.task(task).startedAt()).isEqualTo(EcsFixture.START.plusSeconds(1));
        assertThat(counts()).containsExactly(0, 1);
        ecs.pass(Duration.ofSeconds(1));
        ecs.client()
                .submitTaskStateChange(r -> r.task(task)
                        .status("STOPPED")
                        .containers(c -> c.containerName("main")
                                .status("STOPPED")
                                .exitCode(7)
                                .runtimeId("pid-1")));

        Task stopped = ecs.task(task);
        assertThat(stopped.lastStatus()).isEqualTo("STOPPED");
        assertThat(stopped.desiredStatus()).isEqualTo("STOPPED");
        assertThat(stopped.stopCodeAsString()).isEqualTo("EssentialContainerExited");
        assertThat(stopped.stoppedReason()).isEqualTo("Essential container in task exited");
        assertThat(stopped.startedAt()).isEqualTo(EcsFixture.START.plusSeconds(1));
        assertThat(stopped.stoppedAt()).isEqualTo(EcsFixture.START.plusSeconds(2));
        assertThat(stopped.containers().getFirst().exitCode()).isEqualTo(7);
        assertThat(stopped.containers().getFirst().lastStatus()).isEqualTo("STOPPED");
        assertThat(counts()).containsExactly(0, 0);
    }

    @Test
    void aTaskThatNeverRanFailedToStart() {
        ecs.client().submitTaskStateChange(r -> r.task(task).status("STOPPED").reason("no such image"));

        Task stopped = ecs.task(task);
        assertThat(stopped.stopCodeAsString()).isEqualTo("TaskFailedToStart");
        assertThat(stopped.stoppedReason()).isEqualTo("no such image");
        assertThat(stopped.startedAt()).isNull();
    }

    @Test
    void aTaskThatEndedBeforeItWasSeenRunningDidRun() {
        ecs.client()
                .submitTaskStateChange(r -> r.task(task)
                        .status("STOPPED")
                        .containers(
                                c -> c.containerName("main").status("STOPPED").exitCode(0)));

        assertThat(ecs.task(task).startedAt()).isEqualTo(EcsFixture.START);
        assertThat(ecs.task(task).stopCodeAsString()).isEqualTo("EssentialContainerExited");
    }

    @Test
    void lateAndRepeatedReportsAreAcknowledgedAndChangeNothing() {
        ecs.report(task, "RUNNING");
        ecs.report(task, "STOPPED");
        Task stopped = ecs.task(task);
        ContainerInstance after = ecs.instance(host.containerInstanceArn());
        ecs.pass(Duration.ofMinutes(1));
        for (String status : new String[] {"STOPPED", "RUNNING", "PENDING", "STOPPED"}) {
            assertThat(ecs.client()
                            .submitTaskStateChange(r -> r.task(task).status(status))
                            .acknowledgment())
                    .isEqualTo("ACK");
        }

        assertThat(ecs.task(task)).isEqualTo(stopped);
        assertThat(ecs.instance(host.containerInstanceArn())).isEqualTo(after);
        assertThat(EcsFixture.remaining(after, "MEMORY")).isEqualTo(1_000);
    }

    @Test
    void aReportAboutNoTaskIsAcknowledged() {
        String ghost = EcsFixture.SCOPE.arn("ecs", "task/default/ghost");

        assertThat(ecs.client()
                        .submitTaskStateChange(r -> r.task(ghost).status("STOPPED"))
                        .acknowledgment())
                .isEqualTo("ACK");
    }

    @Test
    void aHostReportsAboutItsOwnTasksOnly() {
        ecs.register("mi-2", 1_000, 1_000);

        assertThatThrownBy(() ->
                        ecs.host("mi-2").submitTaskStateChange(r -> r.task(task).status("STOPPED")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("does not run on mi-2");
        assertThat(ecs.task(task).lastStatus()).isEqualTo("PENDING");
        ecs.host("mi-1").submitTaskStateChange(r -> r.task(task).status("RUNNING"));
        assertThat(ecs.task(task).lastStatus()).isEqualTo("RUNNING");
        assertThatThrownBy(() ->
                        ecs.host("mi-2").submitTaskStateChange(r -> r.task(task).status("RUNNING")))
                .as("also where it would change nothing")
                .isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void aStateThatIsNoneIsRefusedByName() {
        assertThatThrownBy(() -> ecs.report(task, "SLEEPING"))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("'SLEEPING'");
        assertThatThrownBy(() -> ecs.report(null, "RUNNING")).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void aMissingStateIsRefused() {
        assertThatThrownBy(() -> ecs.report(task, null)).isInstanceOf(InvalidParameterException.class);
    }

    @Test
    void whatAForcedDeregistrationStoppedStaysStopped() {
        ecs.client()
                .deregisterContainerInstance(
                        r -> r.containerInstance(host.containerInstanceArn()).force(true));
        ContainerInstance gone = ecs.instance(host.containerInstanceArn());
        ecs.report(task, "STOPPED");

        assertThat(ecs.task(task).stoppedReason()).contains("deregistered by force");
        ContainerInstance after = ecs.instance(host.containerInstanceArn());
        assertThat(after.status()).isEqualTo(gone.status());
        assertThat(after.runningTasksCount()).isEqualTo(gone.runningTasksCount());
        assertThat(after.pendingTasksCount()).isEqualTo(gone.pendingTasksCount());
        assertThat(after.remainingResources())
                .as("nothing is given back twice")
                .isEqualTo(gone.remainingResources())
                .isEqualTo(gone.registeredResources());
    }

    @Test
    void theContainersOfATaskWhoseHostWasDeregisteredByForceAreStoppedWithoutAnExitCode() {
        ecs.report(task, "RUNNING");
        ecs.client()
                .deregisterContainerInstance(
                        r -> r.containerInstance(host.containerInstanceArn()).force(true));

        assertThat(ecs.task(task).containers()).isNotEmpty().allSatisfy(container -> {
            assertThat(container.lastStatus()).isEqualTo("STOPPED");
            assertThat(container.exitCode()).isNull();
        });
    }

    private Integer[] counts() {
        ContainerInstance instance = ecs.instance(host.containerInstanceArn());
        return new Integer[] {instance.pendingTasksCount(), instance.runningTasksCount()};
    }
}
