package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.testing.PostgresCluster;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;

/** Two control planes on one database, with agents at either. */
@Timeout(60) // what is never told fails instead of hanging the build
class EcsReplicasTest {
    private final PostgresServer server =
            new PostgresServer(PostgresCluster.shared().schema(), null);
    private final EcsFixture one = EcsFixture.replica(server);
    private final EcsFixture two = EcsFixture.replica(server);
    private String instance;

    @BeforeEach
    void start() {
        one.ecs.start();
        two.ecs.start();
        instance = one.register("mi-1", 10_000, 10_000).containerInstanceArn();
        one.define("etl", 1, 10);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private FakeAgent connect(EcsFixture at) {
        FakeAgent agent = new FakeAgent();
        at.ecs.channel().opened(EcsFixture.SCOPE, instance, agent);
        return agent;
    }

    @Test
    void whatOneIsAskedForGoesToTheAgentAtTheOther() throws InterruptedException {
        FakeAgent agent = connect(two);
        String task = one.run("etl").taskArn();
        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(task + " RUNNING");

        one.client().stopTask(r -> r.task(task));
        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(task + " STOPPED");
    }

    @Test
    void theNewestConnectionCountsWhereverItIs() throws InterruptedException {
        FakeAgent left = connect(one);
        FakeAgent current = connect(two);
        left.awaitClosed();
        one.ecs.channel().closed(EcsFixture.SCOPE, instance, left);

        assertThat(left.closed()).containsExactly("replaced by a newer connection");
        assertThat(one.instance(instance).agentConnected()).isTrue();
        String task = one.run("etl").taskArn();
        assertThat(FakeAgent.wishes(current.payload())).containsExactly(task + " RUNNING");
    }

    @Test
    void agentsOfAControlPlaneThatIsGoneAreNotConnected() {
        EcsFixture leader = awaitLeader();
        EcsFixture other = leader == one ? two : one;
        connect(other);
        assertThat(leader.instance(instance).agentConnected()).isTrue();
        other.kill();

        while (leader.instance(instance).agentConnected()) {
            Thread.onSpinWait(); // until the leader looks
        }
    }

    @Test
    void aServiceIsKeptByWhoeverLeads() throws InterruptedException {
        EcsFixture leader = awaitLeader();
        EcsFixture other = leader == one ? two : one;
        FakeAgent agent = connect(other);
        other.client()
                .createService(r -> r.serviceName("web").taskDefinition("etl").desiredCount(1));
        String first = onlyTask(agent);
        leader.kill();
        other.client().updateService(r -> r.service("web").desiredCount(2));

        assertThat(onlyTask(agent)).isNotEqualTo(first);
        List<String> running = other.client()
                .listTasks(r -> r.serviceName("web").desiredStatus(DesiredStatus.RUNNING))
                .taskArns();
        assertThat(running).hasSize(2).contains(first);
    }

    /** The task that the next payload wants run. */
    private static String onlyTask(FakeAgent agent) throws InterruptedException {
        List<String> wishes = FakeAgent.wishes(agent.payload());
        assertThat(wishes).singleElement().asString().endsWith(" RUNNING");
        return wishes.getFirst().replace(" RUNNING", "");
    }

    private EcsFixture awaitLeader() {
        while (!one.store.leads() && !two.store.leads()) {
            Thread.onSpinWait();
        }
        return one.store.leads() ? one : two;
    }
}
