package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class ServiceSchedulerTest {
    private ServiceFixture services;
    private EcsFixture ecs;
    private String first;
    private String second;

    @BeforeEach
    void open() {
        services = new ServiceFixture();
        ecs = services.ecs;
        ecs.connected("mi-1", 10_000, 10_000);
        ecs.connected("mi-2", 10_000, 10_000);
        first = ecs.define("web", 1, 10);
        second = ecs.define("web", 2, 10);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void aServiceStartsItsTasksAndSaysSo() {
        Service service = services.create("web", first, 3);

        assertThat(service.pendingCount()).isEqualTo(3);
        assertThat(services.tasks("web")).hasSize(3).allSatisfy(task -> {
            assertThat(task.group()).isEqualTo("service:web");
            assertThat(task.startedBy())
                    .isEqualTo(service.deployments().getFirst().id());
            assertThat(task.startedBy()).matches("ecs-svc/\\d{19}");
        });
        services.settle("web");
        Service steady = services.service("web");
        assertThat(steady.runningCount()).isEqualTo(3);
        assertThat(ecs.ecs.fleet().services())
                .singleElement()
                .satisfies(one -> assertThat(one.running()).isEqualTo(3));
        assertThat(steady.deployments()).hasSize(1);
        assertThat(steady.deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
        assertThat(services.events("web").getFirst()).isEqualTo("(service web) has reached a steady state.");
        assertThat(services.events("web").getLast()).startsWith("(service web) has started 3 tasks: (task ");
    }

    @Test
    void tasksAreSpreadOverInstances() {
        services.create("web", first, 4);

        assertThat(services.tasks("web").stream()
                        .collect(java.util.stream.Collectors.groupingBy(
                                Task::containerInstanceArn, java.util.stream.Collectors.counting()))
                        .values())
                .containsExactly(2L, 2L);
    }

    @Test
    void whatEndsIsReplaced() {
        services.create("web", first, 2);
        services.settle("web");
        Task ended = services.tasks("web").getFirst();
        services.exits(ended, 1);
        services.step("web");

        assertThat(services.tasks("web")).hasSize(2).extracting(Task::taskArn).doesNotContain(ended.taskArn());
        assertThat(services.service("web").runningCount()).isEqualTo(1);
        assertThat(services.service("web").pendingCount()).isEqualTo(1);
    }

    @Test
    void whatIsStoppedByHandIsReplaced() {
        services.create("web", first, 1);
        services.settle("web");
        Task stopped = services.tasks("web").getFirst();
        ecs.client().stopTask(r -> r.task(stopped.taskArn()));
        services.settle("web");

        assertThat(services.tasks("web")).hasSize(1).extracting(Task::taskArn).doesNotContain(stopped.taskArn());
        assertThat(services.service("web").deployments().getFirst().failedTasks())
                .isZero();
    }

    @Test
    void aServiceScalesUpAndDown() {
        services.create("web", first, 1);
        services.settle("web");
        ecs.client().updateService(r -> r.service("web").desiredCount(5));
        services.settle("web");
        assertThat(services.service("web").runningCount()).isEqualTo(5);
        ecs.client().updateService(r -> r.service("web").desiredCount(2));
        services.settle("web");

        Service service = services.service("web");
        assertThat(service.runningCount()).isEqualTo(2);
        assertThat(service.deployments()).hasSize(1);
        assertThat(services.tasks("web", "STOPPED")).hasSize(3).allSatisfy(t -> {
            assertThat(t.stopCode()).isEqualTo(TaskStopCode.SERVICE_SCHEDULER_INITIATED);
            assertThat(t.stoppedReason()).startsWith("Scaling activity initiated by (deployment ecs-svc/");
        });
    }

    @Test
    void oldTasksStayUntilTheNewOnesCanBeReliedOn() {
        services.create("web", first, 2);
        services.settle("web");
        List<Task> old = services.tasks("web");
        ecs.client().updateService(r -> r.service("web").taskDefinition(second));
        services.step("web");
        assertThat(services.service("web").deployments())
                .extracting(Deployment::status)
                .containsExactly("PRIMARY", "ACTIVE");
        services.hostsCatchUp();
        services.step("web");
        assertThat(services.tasks("web"))
                .as("new ones run, but only just")
                .hasSize(4)
                .containsAll(old.stream().map(t -> ecs.task(t.taskArn())).toList());
        ecs.pass(ServiceTasks.SETTLED);
        services.step("web");
        assertThat(services.tasks("web"))
                .hasSize(2)
                .extracting(Task::taskDefinitionArn)
                .containsOnly(second);
        assertThat(services.service("web").deployments())
                .as("until the old ones have stopped")
                .hasSize(2);
        services.settle("web");

        Service service = services.service("web");
        assertThat(service.deployments()).hasSize(1);
        assertThat(service.taskDefinition()).isEqualTo(second);
        assertThat(service.deployments().getFirst().rolloutState()).isEqualTo(DeploymentRolloutState.COMPLETED);
    }

    @Test
    void withoutRoomOldTasksGoFirstAsFarAsAllowed() {
        ecs.client().listContainerInstances(r -> {}).containerInstanceArns().stream()
                .skip(1)
                .forEach(arn -> ecs.client().deregisterContainerInstance(r -> r.containerInstance(arn)));
        String big = ecs.define("big", 1, 5_000);
        services.create(r -> r.serviceName("big")
                .taskDefinition(big)
                .desiredCount(2)
                .deploymentConfiguration(c -> c.minimumHealthyPercent(50)));
        services.settle("big");
        ecs.client().updateService(r -> r.service("big").forceNewDeployment(true));
        services.step("big");
        assertThat(services.tasks("big")).hasSize(1);
        services.settle("big");

        assertThat(services.service("big").deployments()).hasSize(1);
        assertThat(services.service("big").runningCount()).isEqualTo(2);
    }

    @Test
    void whatCannotBePlacedIsSaidOnceAndPlacedWhenThereIsRoom() {
        String big = ecs.define("big", 1, 9_000);
        String hog = ecs.run("big").taskArn();
        services.create("big", big, 2);
        services.step("big");
        String message = services.events("big").get(0);
        assertThat(message).startsWith("(service big) has started 1 tasks: ");
        assertThat(services.events("big").get(1))
                .startsWith("(service big) was unable to place a task because no container instance met all of its"
                        + " requirements. The closest matching (container-instance ")
                .contains("has insufficient memory available.");
        services.step("big");
        assertThat(services.events("big")).hasSize(2);
        ecs.report(hog, "STOPPED");
        services.step("big");

        assertThat(services.tasks("big")).hasSize(2);
    }

    @Test
    void aDeploymentThatCannotStartIsRolledBack() {
        services.create(r -> r.serviceName("web")
                .taskDefinition(first)
                .desiredCount(1)
                .deploymentConfiguration(
                        c -> c.deploymentCircuitBreaker(b -> b.enable(true).rollback(true))));
        services.settle("web");
        Task good = services.tasks("web").getFirst();
        String completed = services.service("web").deployments().getFirst().id();
        ecs.client().updateService(r -> r.service("web").taskDefinition(second));
        for (int i = 0; i < 3; i++) {
            services.step("web");
            Task bad = services.tasks("web").stream()
                    .filter(t -> t.taskDefinitionArn().equals(second))
                    .findFirst()
                    .orElseThrow();
            services.hostsCatchUp();
            services.exits(bad, 1);
            services.step("web");
            ecs.pass(Throttle.LONGEST);
        }
        services.step("web");
        Service after = services.service("web");
        assertThat(after.taskDefinition()).isEqualTo(first);
        assertThat(after.deployments().getFirst().id()).isEqualTo(completed);
        assertThat(services.events("web")).anyMatch(e -> e.endsWith("deployment failed: tasks failed to start."));
        services.settle("web");

        assertThat(services.service("web").deployments())
                .extracting(Deployment::rolloutState)
                .containsExactly(DeploymentRolloutState.COMPLETED);
        assertThat(services.tasks("web")).extracting(Task::taskArn).containsExactly(good.taskArn());
    }

    @Test
    void withoutRollbackAFailedDeploymentStartsNothing() {
        services.create(r -> r.serviceName("web")
                .taskDefinition(first)
                .desiredCount(1)
                .deploymentConfiguration(
                        c -> c.deploymentCircuitBreaker(b -> b.enable(true).rollback(false))));
        for (int i = 0; i < 3; i++) {
            services.exits(services.tasks("web").getFirst(), 1);
            services.step("web");
            ecs.pass(Throttle.LONGEST);
            services.step("web");
        }

        assertThat(services.tasks("web")).isEmpty();
        Deployment failed = services.service("web").deployments().getFirst();
        assertThat(failed.rolloutState()).isEqualTo(DeploymentRolloutState.FAILED);
        assertThat(failed.rolloutStateReason()).isEqualTo("ECS deployment circuit breaker: tasks failed to start.");
        assertThat(failed.failedTasks()).isEqualTo(3);
    }

    @Test
    void startsPauseLongerWithEachRoundOfFailures() {
        services.create("web", first, 2);
        Duration pause = Throttle.FIRST;
        for (int i = 0; i < 4; i++) {
            services.tasks("web").forEach(t -> services.exits(t, 1));
            services.step("web");
            ecs.pass(pause.minusMillis(1));
            services.step("web");
            assertThat(services.tasks("web")).as("round %d", i).isEmpty();
            ecs.pass(Duration.ofMillis(1));
            services.step("web");
            assertThat(services.tasks("web")).as("round %d", i).hasSize(2);
            pause = pause.multipliedBy(2);
        }
        assertThat(services.events("web"))
                .anyMatch(e -> e.startsWith("(service web) is unable to consistently start tasks successfully."));
        services.settle("web");
        services.exits(services.tasks("web").getFirst(), 1);
        services.step("web");
        assertThat(services.tasks("web"))
                .as("a task that ran for long is replaced at once")
                .hasSize(2);
    }

    @Test
    void anUnhealthyTaskIsReplaced() {
        services.create("web", first, 1);
        services.settle("web");
        Task sick = services.tasks("web").getFirst();
        ecs.health(sick.taskArn(), "UNHEALTHY");
        services.step("web");

        assertThat(ecs.task(sick.taskArn()).desiredStatus()).isEqualTo("STOPPED");
        assertThat(ecs.task(sick.taskArn()).stoppedReason()).isEqualTo("Task failed container health checks");
        assertThat(services.tasks("web")).hasSize(1);
    }

    @Test
    void aDeletedServiceDrainsAndIsForgottenLater() {
        services.create("web", first, 2);
        services.settle("web");
        ecs.client().deleteService(r -> r.service("web").force(true));
        assertThat(services.service("web").status()).isEqualTo("DRAINING");
        services.step("web");
        assertThat(services.tasks("web")).isEmpty();
        assertThat(ecs.client().listServices(r -> {}).serviceArns()).isEmpty();
        services.hostsCatchUp();
        services.step("web");

        assertThat(services.service("web").status()).isEqualTo("INACTIVE");
        assertThat(services.create("web", second, 1).status()).isEqualTo("ACTIVE");
    }

    @Test
    void aTaskIsCountedOnceHoweverOftenStepsAreTaken() {
        services.create("web", first, 1);
        services.exits(services.tasks("web").getFirst(), 1);
        for (int i = 0; i < 5; i++) {
            services.step("web");
        }

        assertThat(services.service("web").deployments().getFirst().failedTasks())
                .isEqualTo(1);
    }
}
