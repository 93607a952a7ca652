package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

@Timeout(60) // a payload that never comes fails instead of hanging the build
@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class LostHostsTest {
    private ServiceFixture services;
    private EcsFixture ecs;
    private ContainerInstance host;
    private FakeAgent agent;
    private InstanceKey key;

    @BeforeEach
    void open() {
        services = new ServiceFixture();
        ecs = services.ecs;
        host = ecs.register("mi-1", 1_000, 1_000);
        agent = connect();
        key = new InstanceKey(EcsFixture.SCOPE, EcsNames.name(host.containerInstanceArn()));
        ecs.define("web", 1, 100);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void servicesReplaceWhatWasOnALostHostAndRunTaskDoesNot() {
        Task single = ecs.run("web");
        services.create("web", "web", 1);
        services.settle("web");
        Task old = services.tasks("web").getFirst();
        disconnect();
        ContainerInstance other = ecs.connected("mi-2", 1_000, 1_000);
        ecs.pass(LostHosts.AFTER.minusMillis(1));
        assertThat(ecs.ecs.lostHosts().check(key)).isEqualTo(Optional.of(Duration.ofMillis(1)));
        services.step("web");
        assertThat(ecs.task(old.taskArn()).lastStatus()).isEqualTo("RUNNING");
        ecs.pass(Duration.ofMillis(1));
        assertThat(ecs.ecs.lostHosts().check(key)).isEmpty();
        services.step("web");

        Task lost = ecs.task(old.taskArn());
        assertThat(lost.lastStatus()).isEqualTo("STOPPED");
        assertThat(lost.desiredStatus()).isEqualTo("STOPPED");
        assertThat(lost.stoppedReason()).contains("Host mi-1").contains("has been disconnected since 2026-01-15T");
        assertThat(services.tasks("web"))
                .extracting(Task::containerInstanceArn)
                .containsExactly(other.containerInstanceArn());
        assertThat(services.service("web").deployments().getFirst().failedTasks())
                .isZero();
        assertThat(ecs.task(single.taskArn()).lastStatus()).isEqualTo("RUNNING");
        assertThat(ecs.task(single.taskArn()).connectivity()).isEqualTo(Connectivity.DISCONNECTED);
    }

    @Test
    void aHostThatReturnsIsToldToStopWhatWasReplacedAndOnlyThenHasRoom() throws InterruptedException {
        services.create("web", "web", 1);
        services.settle("web");
        Task old = services.tasks("web").getFirst();
        disconnect();
        ecs.pass(LostHosts.AFTER);
        var _ = ecs.ecs.lostHosts().check(key);
        assertThat(remaining()).isEqualTo(900);
        assertThat(ecs.instance(host.containerInstanceArn()).runningTasksCount())
                .isZero();
        agent = connect();
        assertThat(FakeAgent.wishes(agent.payload())).contains(old.taskArn() + " STOPPED");
        services.step("web"); // the replacement takes 100 as well
        assertThat(remaining()).isEqualTo(800);
        ecs.report(old.taskArn(), "STOPPED");
        assertThat(remaining()).isEqualTo(900);
        ecs.report(old.taskArn(), "STOPPED");

        assertThat(remaining()).as("a repeated report gives nothing back").isEqualTo(900);
        assertThat(services.tasks("web")).hasSize(1);
    }

    @Test
    void aHostThatReturnsInTimeKeepsItsTasks() {
        services.create("web", "web", 1);
        services.settle("web");
        Task task = services.tasks("web").getFirst();
        disconnect();
        assertThat(ecs.task(task.taskArn()).connectivity()).isEqualTo(Connectivity.DISCONNECTED);
        assertThat(ecs.task(task.taskArn()).connectivityAt()).isEqualTo(ecs.now);
        ecs.pass(LostHosts.AFTER.minusSeconds(1));
        connect();
        ecs.pass(Duration.ofDays(1));

        assertThat(ecs.ecs.lostHosts().check(key)).isEmpty();
        assertThat(ecs.task(task.taskArn()).lastStatus()).isEqualTo("RUNNING");
        assertThat(ecs.task(task.taskArn()).connectivity()).isEqualTo(Connectivity.CONNECTED);
    }

    @Test
    void aControlPlaneThatWasAwayItselfBeginsToCountAnew() {
        services.create("web", "web", 1);
        services.settle("web");
        Task task = services.tasks("web").getFirst();
        disconnect();
        Duration patience = Duration.ofMinutes(1); // the fixture's own control plane gives up later than this test ends
        ecs.pass(patience.multipliedBy(2));
        try (LostHosts later = new LostHosts(ecs.store, ecs.events, () -> ecs.now, patience)) {
            assertThat(later.check(key)).isEqualTo(Optional.of(patience));
            assertThat(ecs.task(task.taskArn()).lastStatus()).isEqualTo("RUNNING");
            ecs.pass(patience);
            assertThat(later.check(key)).isEmpty();
        }

        assertThat(ecs.task(task.taskArn()).lastStatus()).isEqualTo("STOPPED");
    }

    @Test
    void lostTasksOfAHostThatIsDeregisteredAreOrdinaryStoppedOnes() {
        services.create("web", "web", 1);
        services.settle("web");
        String task = services.tasks("web").getFirst().taskArn();
        disconnect();
        ecs.pass(LostHosts.AFTER);
        var _ = ecs.ecs.lostHosts().check(key);
        ecs.client().deregisterContainerInstance(r -> r.containerInstance(host.containerInstanceArn()));

        assertThat(ecs.store
                        .tasks()
                        .listByIndex(key.scope(), EcsStore.LOST_ON, key.name(), "", 10)
                        .items())
                .isEmpty();
        assertThat(ecs.store.tasks().listByIndexUpTo(EcsStore.EXPIRES, "9", 10))
                .extracting(t -> t.value().taskArn())
                .containsExactly(task);
    }

    private int remaining() {
        return EcsFixture.remaining(ecs.instance(host.containerInstanceArn()), "MEMORY");
    }

    private FakeAgent connect() {
        FakeAgent connection = new FakeAgent();
        ecs.ecs.channel().opened(EcsFixture.SCOPE, host.containerInstanceArn(), connection);
        return connection;
    }

    private void disconnect() {
        ecs.ecs.channel().closed(EcsFixture.SCOPE, host.containerInstanceArn(), agent);
    }
}
