package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.Task;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class InstanceStatesTest {
    private ServiceFixture services;
    private EcsFixture ecs;
    private String one;
    private String two;

    @BeforeEach
    void open() {
        services = new ServiceFixture();
        ecs = services.ecs;
        one = ecs.connected("mi-1", 1_000, 1_000).containerInstanceArn();
        two = ecs.connected("mi-2", 1_000, 1_000).containerInstanceArn();
        ecs.define("web", 1, 100);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void aDrainingHostTakesNothingNewAndKeepsWhatRunTaskStarted() {
        String running = ecs.client()
                .startTask(r -> r.taskDefinition("web").containerInstances(one))
                .tasks()
                .getFirst()
                .taskArn();
        ContainerInstance drained = drain(one);
        assertThat(drained.status()).isEqualTo("DRAINING");
        assertThat(ecs.run("web").containerInstanceArn()).isEqualTo(two);

        assertThat(ecs.task(running).desiredStatus()).isEqualTo("RUNNING");
        assertThat(ecs.client()
                        .listContainerInstances(r -> r.status("DRAINING"))
                        .containerInstanceArns())
                .containsExactly(one);
    }

    @Test
    void servicesMoveAwayWithoutEverHavingTooFew() {
        services.create("web", "web", 2);
        services.settle("web");
        drain(one);
        services.step("web");
        assertThat(services.tasks("web")).as("the replacement first").hasSize(3);
        services.settle("web");

        assertThat(instances()).containsExactly(two);
        assertThat(services.tasks("web")).hasSize(2);
        assertThat(services.service("web").deployments()).hasSize(1);
    }

    @Test
    void withNowhereToGoTheyLeaveAsFarAsTheMinimumAllows() {
        services.create(r -> r.serviceName("web")
                .taskDefinition("web")
                .desiredCount(2)
                .deploymentConfiguration(c -> c.minimumHealthyPercent(50)));
        services.settle("web");
        drain(one);
        drain(two);
        services.settle("web");

        assertThat(services.tasks("web")).hasSize(1);
        assertThat(services.events("web"))
                .anyMatch(e -> e.contains("No Container Instances were found in your cluster."));
    }

    @Test
    void pendingTasksOfServicesLeaveAtOnce() {
        services.create("web", "web", 2);
        drain(one);
        services.step("web");

        assertThat(instances()).containsExactly(two);
    }

    @Test
    void aHostCanComeBack() {
        drain(one);
        ecs.client()
                .updateContainerInstancesState(r -> r.containerInstances(one).status("ACTIVE"));
        drain(two);

        assertThat(ecs.run("web").containerInstanceArn()).isEqualTo(one);
    }

    @Test
    void daemonsRunOncePerHostAndLeaveLast() {
        services.create(r -> r.serviceName("daemon").taskDefinition("web").schedulingStrategy("DAEMON"));
        services.settle("daemon");
        assertThat(services.service("daemon").desiredCount()).isEqualTo(2);
        assertThat(services.tasks("daemon"))
                .extracting(Task::containerInstanceArn)
                .containsExactlyInAnyOrder(one, two);
        String third = ecs.connected("mi-3", 1_000, 1_000).containerInstanceArn();
        services.settle("daemon");
        assertThat(services.tasks("daemon"))
                .extracting(Task::containerInstanceArn)
                .containsExactlyInAnyOrder(one, two, third);
        String job = ecs.client()
                .startTask(r -> r.taskDefinition("web").containerInstances(one))
                .tasks()
                .getFirst()
                .taskArn();
        drain(one);
        services.settle("daemon");
        assertThat(services.tasks("daemon")).hasSize(3);
        assertThat(services.service("daemon").desiredCount()).isEqualTo(2);
        ecs.report(job, "STOPPED");
        services.settle("daemon");

        assertThat(services.tasks("daemon"))
                .extracting(Task::containerInstanceArn)
                .containsExactlyInAnyOrder(two, third);
    }

    @Test
    void aDaemonIsUpdatedHostByHostWithinItsBounds() {
        services.create(r -> r.serviceName("daemon")
                .taskDefinition("web")
                .schedulingStrategy("DAEMON")
                .deploymentConfiguration(c -> c.minimumHealthyPercent(50)));
        services.settle("daemon");
        ecs.client().updateService(r -> r.service("daemon").forceNewDeployment(true));
        services.step("daemon");
        assertThat(services.tasks("daemon")).as("one at a time").hasSize(1);
        services.settle("daemon");

        assertThat(services.tasks("daemon")).hasSize(2);
        assertThat(services.service("daemon").deployments()).hasSize(1);
    }

    @Test
    void daemonsHonourConstraints() {
        ecs.client()
                .putAttributes(r -> r.attributes(
                        a -> a.name("rack").value("a").targetId(one).targetType("container-instance")));
        services.create(r -> r.serviceName("daemon")
                .taskDefinition("web")
                .schedulingStrategy("DAEMON")
                .placementConstraints(c -> c.type("memberOf").expression("attribute:rack == a")));

        assertThat(services.tasks("daemon"))
                .extracting(Task::containerInstanceArn)
                .containsExactly(one);
    }

    @Test
    void aHostThatIsDeregisteredByForceIsReplaced() {
        services.create("web", "web", 2);
        services.settle("web");
        ecs.client().deregisterContainerInstance(r -> r.containerInstance(one).force(true));
        services.step("web");

        assertThat(services.tasks("web")).hasSize(2);
        assertThat(instances()).containsExactly(two);
    }

    @Test
    void whatCannotBeDoneIsSaid() {
        assertThat(ecs.client()
                        .updateContainerInstancesState(
                                r -> r.containerInstances("ghost").status("DRAINING"))
                        .failures())
                .extracting(Failure::reason)
                .containsExactly("MISSING");
        assertThatThrownBy(() -> ecs.client()
                        .updateContainerInstancesState(
                                r -> r.containerInstances(one).status("REGISTERING")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("should be one of [ACTIVE,DRAINING], found 'REGISTERING'");
    }

    private Set<String> instances() {
        return services.tasks("web").stream().map(Task::containerInstanceArn).collect(Collectors.toSet());
    }

    private ContainerInstance drain(String arn) {
        return ecs.client()
                .updateContainerInstancesState(r -> r.containerInstances(arn).status("DRAINING"))
                .containerInstances()
                .getFirst();
    }
}
