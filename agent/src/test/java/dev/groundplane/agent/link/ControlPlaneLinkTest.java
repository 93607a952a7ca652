package dev.groundplane.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.driver.host.HostDriver;
import dev.groundplane.agent.driver.host.HostFeatures;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.link.ConnectFailure.Answer;
import dev.groundplane.agent.logs.CheckingSink;
import dev.groundplane.agent.logs.Delivery;
import dev.groundplane.agent.logs.LogWatch;
import dev.groundplane.agent.metadata.RoleCredentialsStore;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.retry.Reachability;
import dev.groundplane.agent.secrets.SecretStores;
import dev.groundplane.agent.task.Hooks;
import dev.groundplane.agent.task.LogDelivery;
import dev.groundplane.agent.task.Tasks;
import dev.groundplane.agent.task.Timers;
import dev.groundplane.agent.task.Uptime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.Resource;

/** The whole agent but for the WebSocket: real processes, real log files, a control plane in memory. */
@Timeout(60)
class ControlPlaneLinkTest {
    @TempDir
    Path data;

    private final FakeControlPlane controlPlane = new FakeControlPlane();
    private final CheckingSink sink = new CheckingSink();
    private LogWatch watch;
    private final RoleCredentialsStore credentials = new RoleCredentialsStore();
    private Tasks tasks;
    private Reachability reachability;
    private ControlPlaneLink link;
    private Thread thread;

    @BeforeEach
    void begin() throws IOException {
        DurableFiles.ensureDirectory(data.resolve("tasks"), "rwx------");
        watch = new LogWatch();
        start();
    }

    private void start() throws IOException {
        var clock = InstantSource.system();
        reachability = new Reachability();
        var journal = new TaskJournal(data.resolve("tasks"), data.resolve("journal"), clock, "boot");
        var drivers = new Drivers(List.of(new HostDriver(data, data.resolve("tasks"), HostFeatures.plain(false))));
        var logs = new LogDelivery(sink, watch, new Semaphore(1), clock, reachability, Long.MAX_VALUE);
        var reports = new StateReporter(controlPlane, "default", reachability);
        var health = new HealthReporter();
        var noSecrets = new SecretStores(
                () -> {
                    throw new AssertionError("no task here has secrets");
                },
                task -> Optional.empty(),
                "us-east-1");
        tasks = new Tasks(
                journal,
                drivers,
                Hooks.all(journal, logs, noSecrets),
                reports,
                health,
                reachability,
                Uptime.ofHost(),
                clock,
                Timers.real());
        var description = new InstanceDescription(
                2048,
                4096,
                List.of(4566),
                "0.1.0",
                "floor-1",
                List.of("host"),
                List.of("com.amazonaws.ecs.capability.docker-remote-api.1.41"),
                Map.of("rack", "7", "ssd", ""));
        var registration = new Registration(controlPlane, "default", description, data.resolve("instance.json"));
        link = new ControlPlaneLink(controlPlane, registration, controlPlane, tasks, health, credentials, reachability);
        thread = Thread.ofVirtual().start(() -> {
            try {
                link.run();
            } catch (RegistrationRefused e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void end() throws IOException, InterruptedException {
        stop();
        watch.close();
    }

    private void stop() throws InterruptedException {
        link.close();
        thread.interrupt();
        thread.join();
        tasks.stopStrangers(tasks.arns()); // what a test that failed has left
        while (!tasks.arns().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static String task(String id, String container) {
        return "{\"arn\": \"arn:task/default/%s\", \"desiredStatus\": \"RUNNING\", \"containers\": [%s]}"
                .formatted(id, container);
    }

    private static String shell(String script, String hostConfig) {
        return """
                {"name": "main", "image": "host", "essential": true, "command": ["/bin/sh", "-c", "%s"],
                 "dockerConfig": {"hostConfig": "%s"}}
                """.formatted(script, hostConfig.replace("\"", "\\\""));
    }

    private static final String AWSLOGS = """
            {"LogConfig": {"Type": "awslogs", "Config": {"awslogs-group": "g", "awslogs-stream": "s"}}}""".strip();

    private ContainerStateChange stopped() throws InterruptedException {
        var report = controlPlane.reports.take();
        assertThat(report.status()).isEqualTo("STOPPED");
        return report.containers().getFirst();
    }

    @Test
    void theInstanceIsDescribedInTheProtocolsWords() throws Exception {
        controlPlane.connections.take();
        var request = controlPlane.registrations.take();
        assertThat(request.cluster()).isEqualTo("default");
        assertThat(request.totalResources())
                .extracting(Resource::name)
                .containsExactly("CPU", "MEMORY", "PORTS", "PORTS_UDP");
        assertThat(request.totalResources().get(2).stringSetValue()).containsExactly("22", "4566");
        assertThat(request.attributes())
                .extracting(attribute -> attribute.name() + "=" + attribute.value())
                .contains(
                        "ecs.os-type=linux",
                        "ecs.capability.external=null",
                        "groundplane.driver.host=null",
                        "com.amazonaws.ecs.capability.docker-remote-api.1.41=null",
                        "groundplane.name=floor-1",
                        "rack=7",
                        "ssd=null");
    }

    @Test
    void aPayloadRunsAndItsOutputArrivesBeforeItsEnd() throws Exception {
        var connection = controlPlane.connections.take();
        connection.payload("m1", task("t1", shell("echo hello; printf bye; exit 3", AWSLOGS)));
        assertThat(connection.heard()).isEqualTo("AckRequest m1");
        var running = controlPlane.reports.take();
        assertThat(running.status()).isEqualTo("RUNNING");
        assertThat(running.task()).isEqualTo("arn:task/default/t1");
        assertThat(stopped().exitCode()).isEqualTo(3);
        assertThat(sink.messages()).containsExactly("hello", "bye");
    }

    @Test
    void heartbeatsAreAnsweredAndUnknownTypesAreNot() throws Exception {
        var connection = controlPlane.connections.take();
        connection.say("SomethingNew", "{\"messageId\": \"m0\"}");
        connection.say("HeartbeatMessage", "{\"messageId\": \"m1\", \"healthy\": true}");
        assertThat(connection.heard()).isEqualTo("HeartbeatAckRequest m1");
    }

    private static String role(String id, String key) {
        return """
                {"credentialsId": "%s", "roleArn": "arn:role", "accessKeyId": "%s", "secretAccessKey": "s",
                 "sessionToken": "t", "expiration": "2099-01-01T00:00:00Z"}""".formatted(id, key);
    }

    private static String renewal(String messageId, String taskId, String roleType, String key) {
        return """
                {"messageId": "%s", "taskArn": "arn:task/default/%s", "roleType": "%s", "roleCredentials": %s}
                """.formatted(messageId, taskId, roleType, role("c1", key));
    }

    private String executionKey(String taskId) throws IOException {
        var task = Json.MAPPER.readValue(task(taskId, shell("", "{}")), TaskSpec.class);
        return credentials.executionRole(task).orElseThrow().accessKeyId();
    }

    @Test
    void roleCredentialsAreAcknowledgedKeptInMemoryAndForgottenWithTheTask() throws Exception {
        var connection = controlPlane.connections.take();
        var task = task("t1", shell("exec /usr/bin/tail -f /dev/null", "{}"));
        connection.payload(
                "m1",
                task.replaceFirst(
                        "\\{",
                        "{\"roleCredentials\": " + role("c0", "ASIA0") + ", \"executionRoleCredentials\": "
                                + role("c1", "ASIA1") + ", "));
        assertThat(List.of(connection.heard(), connection.heard(), connection.heard()))
                .containsExactly("AckRequest m1", "IAMRoleCredentialsAckRequest m1", "IAMRoleCredentialsAckRequest m1");
        assertThat(executionKey("t1")).isEqualTo("ASIA1");
        connection.say("IAMRoleCredentialsMessage", renewal("m2", "t1", "TaskExecution", "ASIA2"));
        assertThat(connection.heard()).isEqualTo("IAMRoleCredentialsAckRequest m2");
        assertThat(executionKey("t1")).isEqualTo("ASIA2");
        connection.say("IAMRoleCredentialsMessage", renewal("m3", "gone", "TaskExecution", "ASIA3"));
        connection.say("IAMRoleCredentialsMessage", renewal("m4", "t1", "SomethingNew", "ASIA4"));
        connection.say("HeartbeatMessage", "{\"messageId\": \"m5\"}");
        assertThat(connection.heard()).isEqualTo("HeartbeatAckRequest m5");
        assertThat(controlPlane.reports.take().status()).isEqualTo("RUNNING");
        try (var files = Files.walk(data.resolve("tasks"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file).content(StandardCharsets.ISO_8859_1).doesNotContain("ASIA");
            }
        }
        connection.payload("m6", task.replace("RUNNING", "STOPPED"));
        assertThat(connection.heard()).isEqualTo("AckRequest m6");
        stopped();
        while (!tasks.arns().isEmpty()) {
            Thread.onSpinWait();
        }
        connection.say("HeartbeatMessage", "{\"messageId\": \"m7\"}");
        assertThat(connection.heard()).isEqualTo("HeartbeatAckRequest m7");
        assertThat(credentials.executionRole(Json.MAPPER.readValue(task, TaskSpec.class)))
                .isEmpty();
    }

    @Test
    void aTaskThatCannotBeReadKeepsNoOtherFromRunning() throws Exception {
        var connection = controlPlane.connections.take();
        connection.payload(
                "m1", "{\"arn\": \"arn:task/default/bad\", \"containers\": 7}," + task("good", shell("exit 0", "{}")));
        var first = controlPlane.reports.take();
        var second = controlPlane.reports.take();
        var third = controlPlane.reports.take();
        assertThat(List.of(first, second, third))
                .extracting(report -> report.task() + " " + report.status())
                .containsExactlyInAnyOrder(
                        "arn:task/default/bad STOPPED",
                        "arn:task/default/good RUNNING",
                        "arn:task/default/good STOPPED");
    }

    @Test
    void aRefusedLogStreamFailsTheStart() throws Exception {
        sink.answeringCreate(new Delivery.Refused("ResourceNotFoundException: no such group"));
        controlPlane.connections.take().payload("m1", task("t1", shell("exit 0", AWSLOGS)));
        assertThat(stopped().reason())
                .isEqualTo("CannotStartContainerError: log group g, log stream s: ResourceNotFoundException: no such"
                        + " group");
    }

    @Test
    void anUnreachableLogServiceDelaysOnlyTheLogs() throws Exception {
        sink.answeringCreate(new Delivery.TryLater("away")).with(CheckingSink.Trouble.AWAY);
        controlPlane.connections.take().payload("m1", task("t1", shell("echo hello", AWSLOGS)));
        controlPlane.reports.take();
        stopped();
        assertThat(sink.messages()).containsExactly("hello");
    }

    @Test
    void reportsAreRepeatedUntilTheyAreAccepted() throws Exception {
        controlPlane.troubles.add(FakeControlPlane.away());
        controlPlane.connections.take().payload("m1", task("t1", shell("exit 0", "{}")));
        assertThat(controlPlane.reports.take().status()).isEqualTo("RUNNING");
        stopped();
    }

    @Test
    void aReportThatTheControlPlaneCallsInvalidIsDropped() throws Exception {
        controlPlane.troubles.add(FakeControlPlane.invalid());
        controlPlane.connections.take().payload("m1", task("t1", shell("exit 0", "{}")));
        stopped();
    }

    @Test
    void aLostConnectionIsOpenedAgainAsTheSameInstance() throws Exception {
        var first = controlPlane.connections.take();
        first.say("HeartbeatMessage", "{}");
        first.close();
        var second = controlPlane.connections.take();
        assertThat(second.instance).isEqualTo(first.instance);
        assertThat(controlPlane.registrations).hasSize(1);
    }

    @Test
    void aNewProcessRegistersAsTheInstanceItWas() throws Exception {
        var instance = controlPlane.connections.take().instance;
        stop();
        start();
        assertThat(controlPlane.connections.take().instance).isEqualTo(instance);
    }

    @Test
    void anInstanceThatIsNoLongerKnownRegistersAnew() throws Exception {
        var first = controlPlane.connections.take();
        controlPlane.forgetInstances();
        synchronized (controlPlane.refusals) {
            controlPlane.refusals.add(new ConnectFailure("unknown", Answer.REFUSED, new IOException()));
        }
        first.close();
        assertThat(controlPlane.connections.take().instance).isNotEqualTo(first.instance);
    }

    @Test
    void anInstanceThatWasDeregisteredStaysOutAndReports() throws Exception {
        var first = controlPlane.connections.take();
        synchronized (controlPlane.refusals) {
            controlPlane.refusals.add(new ConnectFailure("gone", Answer.DEREGISTERED, new IOException()));
        }
        first.close();
        while (!controlPlane.allRefused() || reachability.isAway()) {
            Thread.onSpinWait();
        }
        assertThat(controlPlane.connections).isEmpty();
        assertThat(controlPlane.registrations).hasSize(1);
    }

    @Test
    void whatTheControlPlaneDoesNotNameIsStoppedOnceItConfirms() throws Exception {
        var connection = controlPlane.connections.take();
        connection.payload(
                "m1",
                task("kept", shell("exec sleep 1000", "{}")) + "," + task("stray", shell("exec sleep 1000", "{}")));
        assertThat(connection.heard()).isEqualTo("AckRequest m1");
        assertThat(controlPlane.reports.take().status()).isEqualTo("RUNNING");
        assertThat(controlPlane.reports.take().status()).isEqualTo("RUNNING");
        connection.say("TaskManifestMessage", """
                {"messageId": "m2", "timeline": 1,
                 "tasks": [{"taskArn": "arn:task/default/kept", "desiredStatus": "RUNNING"}]}""");
        assertThat(connection.heard()).isEqualTo("AckRequest m2");
        var question = connection.heardInFull();
        assertThat(question.path("type").asText()).isEqualTo("TaskStopVerificationMessage");
        assertThat(question.at("/message/stopCandidates")).hasSize(1);
        assertThat(question.at("/message/stopCandidates/0/taskArn").asText()).isEqualTo("arn:task/default/stray");
        connection.say("TaskStopVerificationAck", """
                {"messageId": "m2", "stopTasks": [{"taskArn": "arn:task/default/stray"}]}""");
        var report = controlPlane.reports.take();
        assertThat(report.task() + " " + report.status()).isEqualTo("arn:task/default/stray STOPPED");
        tasks.stopStrangers(List.of("arn:task/default/kept"));
        stopped();
    }
}
