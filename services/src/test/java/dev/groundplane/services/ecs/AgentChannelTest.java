package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // a payload that never comes fails instead of hanging the build
@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class AgentChannelTest {
    private EcsFixture ecs;
    private AgentChannel channel;
    private String instance;
    private FakeAgent agent;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
        channel = ecs.ecs.channel();
        instance = ecs.register("mi-1", 10_000, 10_000).containerInstanceArn();
        ecs.define("etl", 1, 10);
        agent = connect();
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    @Test
    void anInstanceIsConnectedWhileItsConnectionIsOpen() {
        assertThat(ecs.instance(instance).agentConnected()).isTrue();
        channel.closed(EcsFixture.SCOPE, instance, agent);
        assertThat(ecs.instance(instance).agentConnected()).isFalse();
        connect();
        assertThat(ecs.instance(instance).agentConnected()).isTrue();
    }

    @Test
    void aTaskGoesDownTheSocketInTheAgentsForm() throws InterruptedException {
        String task = ecs.client()
                .runTask(r -> r.taskDefinition("etl")
                        .overrides(o -> o.containerOverrides(c -> c.name("main")
                                .command("echo", "hi")
                                .environment(e -> e.name("A").value("1")))))
                .tasks()
                .getFirst()
                .taskArn();
        JsonNode payload = agent.payload();

        assertThat(FakeAgent.wishes(payload)).containsExactly(task + " RUNNING");
        assertThat(payload.path("containerInstanceArn").asText()).isEqualTo(instance);
        assertThat(payload.path("clusterArn").asText()).isEqualTo(EcsFixture.SCOPE.arn("ecs", "cluster/default"));
        assertThat(payload.path("seqNum").asLong()).isEqualTo(1);
        JsonNode sent = payload.path("tasks").path(0);
        assertThat(sent.path("family").asText()).isEqualTo("etl");
        assertThat(sent.path("version").asText()).isEqualTo("1");
        assertThat(sent.path("memory").asInt()).isEqualTo(10);
        assertThat(sent.path("groundplane").path("startedBefore").asBoolean(true))
                .isFalse();
        JsonNode container = sent.path("containers").path(0);
        assertThat(container.path("command").toString()).isEqualTo("[\"echo\",\"hi\"]");
        assertThat(container.path("environment").toString()).isEqualTo("{\"A\":\"1\"}");
        assertThat(container.path("essential").asBoolean()).isTrue();
    }

    @Test
    void aStopFollowsAndNothingIsSentTwice() throws InterruptedException {
        String first = run();
        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(first + " RUNNING");
        String second = run();
        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(second + " RUNNING");
        ecs.client().stopTask(r -> r.task(first));
        JsonNode stop = agent.payload();
        assertThat(FakeAgent.wishes(stop)).containsExactly(first + " STOPPED");
        assertThat(stop.path("seqNum").asLong()).isEqualTo(3);
        ecs.client().stopTask(r -> r.task(first));
        ecs.client().stopTask(r -> r.task(second));
        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(second + " STOPPED");
        assertThat(agent.hasFrames()).isFalse();
    }

    @Test
    void aNewConnectionGetsEverythingAgainAndOnlyIt() throws InterruptedException {
        String running = run();
        String stopping = run();
        List<String> seen = new ArrayList<>(FakeAgent.wishes(agent.payload()));
        while (seen.size() < 2) {
            seen.addAll(FakeAgent.wishes(agent.payload()));
        }
        ecs.client().stopTask(r -> r.task(stopping));
        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(stopping + " STOPPED");
        FakeAgent again = connect();

        assertThat(FakeAgent.wishes(again.payload()))
                .containsExactlyInAnyOrder(running + " RUNNING", stopping + " STOPPED");
        assertThat(agent.closed()).containsExactly("replaced by a newer connection");
        String third = run();
        assertThat(FakeAgent.wishes(again.payload())).containsExactly(third + " RUNNING");
        assertThat(agent.hasFrames()).isFalse();
    }

    @Test
    void anAgentThatAnswersNoHeartbeatIsGone() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            channel.heartbeat();
        }
        channel.received(EcsFixture.SCOPE, instance, "{\"type\":\"HeartbeatAckRequest\"}");
        channel.heartbeat();
        assertThat(agent.closed()).isEmpty();
        LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();
        ecs.events.subscribe(EcsStore.INSTANCE_TYPE, change -> changes.add(change.name()));
        for (int i = 0; i < 3; i++) {
            channel.heartbeat();
        }
        changes.take();

        assertThat(agent.closed()).containsExactly("no heartbeat was answered");
        assertThat(ecs.instance(instance).agentConnected()).isFalse();
    }

    @Test
    void theEndOfAReplacedConnectionChangesNothing() throws InterruptedException {
        FakeAgent again = connect();
        channel.closed(EcsFixture.SCOPE, instance, agent);

        assertThat(ecs.instance(instance).agentConnected()).isTrue();
        String task = run();
        assertThat(FakeAgent.wishes(again.payload())).containsExactly(task + " RUNNING");
    }

    @Test
    void whatWasAcknowledgedIsSaidToHaveStartedBefore() throws InterruptedException {
        String acknowledged = run();
        JsonNode payload = agent.payload();
        channel.received(EcsFixture.SCOPE, instance, FakeAgent.ack(payload));
        ecs.flush();
        String unacknowledged = run();
        agent.payload();
        JsonNode all = connect().payload();

        assertThat(all.path("tasks")).hasSize(2);
        for (JsonNode task : all.path("tasks")) {
            boolean before = task.path("groundplane").path("startedBefore").asBoolean();
            assertThat(before).isEqualTo(task.path("arn").asText().equals(acknowledged));
            assertThat(before).isNotEqualTo(task.path("arn").asText().equals(unacknowledged));
        }
    }

    @Test
    void anAckOfAnotherMessageIsNone() throws InterruptedException {
        run();
        agent.payload();
        channel.received(EcsFixture.SCOPE, instance, "{\"type\":\"AckRequest\",\"message\":{\"messageId\":\"other\"}}");
        ecs.flush();

        assertThat(connect().payload().at("/tasks/0/groundplane/startedBefore").asBoolean(true))
                .isFalse();
    }

    @Test
    void aTaskThatStoppedIsNotSentAgain() throws InterruptedException {
        String done = run();
        agent.payload();
        ecs.report(done, "STOPPED");
        String next = run();
        assertThat(FakeAgent.wishes(agent.payload())).containsExactly(next + " RUNNING");

        assertThat(FakeAgent.wishes(connect().payload())).containsExactly(next + " RUNNING");
    }

    @Test
    void manyTasksComeInSeveralPayloads() throws InterruptedException {
        channel.closed(EcsFixture.SCOPE, instance, agent);
        connect();
        for (int i = 0; i < 15; i++) {
            ecs.client().runTask(r -> r.taskDefinition("etl").count(10));
        }
        FakeAgent again = connect();
        JsonNode first = again.payload();
        JsonNode second = again.payload();

        assertThat(first.path("tasks")).hasSize(100);
        assertThat(second.path("tasks")).hasSize(50);
        assertThat(second.path("seqNum").asLong()).isEqualTo(2);
    }

    @Test
    void framesThatAreNotUnderstoodAreIgnored() {
        for (String frame : List.of("", "nonsense", "[]", "null", "{}", "{\"type\":\"AckRequest\"}", "{\"type\":7}")) {
            assertThatCode(() -> channel.received(EcsFixture.SCOPE, instance, frame))
                    .as(frame)
                    .doesNotThrowAnyException();
        }
        assertThat(agent.closed()).isEmpty();
    }

    @Test
    void onlyRegisteredInstancesAreAdmitted() throws AgentChannel.Refused {
        channel.admit(EcsFixture.SCOPE, "mi-1", instance);
        assertRefused("InvalidInstanceException", null);
        assertRefused("InvalidInstanceException", EcsFixture.SCOPE.arn("ecs", "container-instance/default/ghost"));
        assertRefused("InvalidInstanceException", "nonsense");
        ecs.client().deregisterContainerInstance(r -> r.containerInstance(instance));
        assertRefused("InactiveInstanceException", instance);
    }

    @Test
    void anInstanceThatIsDeregisteredLosesItsConnection() throws InterruptedException {
        ecs.client().deregisterContainerInstance(r -> r.containerInstance(instance));
        agent.awaitClosed();
        assertThat(agent.closed()).containsExactly("the host was deregistered");
    }

    @Test
    void aHostThatIsNoManagedInstanceAnyMoreLosesItsConnection() throws InterruptedException {
        String other = ecs.register("mi-2", 10_000, 10_000).containerInstanceArn();
        FakeAgent staying = new FakeAgent();
        channel.opened(EcsFixture.SCOPE, other, staying);
        LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();
        ecs.events.subscribe(EcsStore.INSTANCE_TYPE, change -> changes.add(change.name()));
        ecs.deregisteredHosts.add("mi-1");
        channel.hostDeregistered(EcsFixture.SCOPE, "mi-1");
        agent.awaitClosed();
        assertThat(changes.take()).isEqualTo(EcsNames.name(instance));
        assertThat(ecs.instance(instance).agentConnected()).isFalse();
        assertThat(staying.closed()).isEmpty();
    }

    @Test
    void aHostThatIsDeregisteredWhileItConnectsIsSentAway() throws InterruptedException {
        ecs.deregisteredHosts.add("mi-1");
        connect().awaitClosed();
    }

    private void assertRefused(String code, String arn) {
        assertThatThrownBy(() -> channel.admit(EcsFixture.SCOPE, "mi-1", arn))
                .isInstanceOfSatisfying(
                        AgentChannel.Refused.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aHostThatHasConnectedIsNotWaitedFor() throws InterruptedException {
        assertThat(channel.awaitHost("mi-1", Duration.ofDays(1))).isTrue();
        assertThat(channel.awaitHost("mi-2", Duration.ZERO)).isFalse();
    }

    @Test
    void nobodyIsConnectedWhenTheProcessStarts() throws InterruptedException {
        String other = ecs.connected("mi-2", 10_000, 10_000).containerInstanceArn();
        assertThat(ecs.instance(instance).agentConnected()).isTrue();
        ecs = ecs.restart();
        LinkedBlockingQueue<Boolean> others = new LinkedBlockingQueue<>();
        ecs.events.subscribe(
                EcsStore.INSTANCE_TYPE, change -> others.add(ecs.instance(other).agentConnected()));
        ecs.ecs.start();

        // A shared database notices the end only after a while, and what is stored is told of a moment later.
        assertThat(List.of(others.take(), others.take()))
                .as("all are stored with the first")
                .containsExactly(false, false);
        assertThat(ecs.instance(instance).agentConnected()).isFalse();
    }

    private FakeAgent connect() {
        FakeAgent connection = new FakeAgent();
        channel.opened(EcsFixture.SCOPE, instance, connection);
        return connection;
    }

    private String run() {
        return ecs.run("etl").taskArn();
    }

    @Test
    void theManifestNamesAllTasksAndStrangersAreConfirmed() throws InterruptedException {
        String kept = run();
        agent.payload();
        FakeAgent next = connect();
        next.payload();
        JsonNode manifest = next.message("TaskManifestMessage");
        assertThat(manifest.path("tasks")).hasSize(1);
        assertThat(manifest.path("tasks").path(0).path("taskArn").asText()).isEqualTo(kept);
        assertThat(manifest.path("timeline").asLong()).isPositive();

        String unknown = EcsFixture.SCOPE.arn("ecs", "task/default/0123456789abcdef0123456789abcdef");
        String later = run();
        channel.received(EcsFixture.SCOPE, instance, """
                {"type": "TaskStopVerificationMessage", "message": {"messageId": "%s", "stopCandidates": [
                  {"taskArn": "%s"}, {"taskArn": "%s"}]}}""".formatted(
                        manifest.path("messageId").asText(), unknown, later));
        JsonNode verified = next.message("TaskStopVerificationAck");
        assertThat(verified.path("messageId")).isEqualTo(manifest.path("messageId"));
        assertThat(verified.path("stopTasks")).hasSize(1);
        assertThat(verified.path("stopTasks").path(0).path("taskArn").asText()).isEqualTo(unknown);
    }

    @Test
    void theHealthOfEssentialContainersIsTheTasks() throws InterruptedException {
        ecs.client()
                .registerTaskDefinition(r -> r.family("checked")
                        .containerDefinitions(
                                c -> c.name("main").image("host").memory(10).healthCheck(h -> h.command("CMD", "true")),
                                c -> c.name("side")
                                        .image("host")
                                        .memory(10)
                                        .essential(false)
                                        .healthCheck(h -> h.command("CMD", "true"))));
        String task = ecs.client()
                .runTask(r -> r.taskDefinition("checked"))
                .tasks()
                .getFirst()
                .taskArn();
        agent.payload();
        health(task, "side", "UNHEALTHY");
        assertThat(ecs.task(task).healthStatusAsString()).isEqualTo("UNKNOWN");
        health(task, "main", "HEALTHY");
        assertThat(ecs.task(task).healthStatusAsString()).isEqualTo("HEALTHY");
        health(task, "main", "UNHEALTHY");
        assertThat(ecs.task(task).healthStatusAsString()).isEqualTo("UNHEALTHY");
        assertThat(ecs.task(task).containers())
                .extracting(c -> c.name() + " " + c.healthStatusAsString())
                .containsExactly("main UNHEALTHY", "side UNHEALTHY");
    }

    private void health(String task, String container, String status) throws InterruptedException {
        channel.received(EcsFixture.SCOPE, instance, """
                {"type": "PublishHealthRequest", "message": {"metadata": {"messageId": "h"}, "tasks": [
                  {"taskArn": "%s", "containers": [{"containerName": "%s", "healthStatus": "%s"}]}]}}""".formatted(task, container, status));
        assertThat(agent.message("AckPublishHealth").path("messageId").asText()).isEqualTo("h");
    }
}
