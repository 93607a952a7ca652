package dev.groundplane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.LocalAgent;
import dev.groundplane.server.local.RunningProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.Task;

/** The real control plane and the real agent, used with the AWS SDK for Java. Needs the agent's module to be packaged. */
class JavaSdkIT {
    private static final String LOG_GROUP = "/it/java";

    @TempDir
    private static Path directory;

    private static ControlPlane plane;
    private static LocalAgent agent;
    private static DataDirectory data;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        // Host tasks run as a user of their own, which must be able to walk through.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        data = new DataDirectory(directory.resolve("data"));
        plane = new ControlPlane(
                data, Optional.empty(), freePort(), List.of(), Duration.ofMinutes(5), InstantSource.system());
        agent = plane.startLocalAgent(data, Path.of("..").toAbsolutePath().normalize(), List.of());
        assertThat(plane.awaitLocalAgent(Duration.ofSeconds(60))).isTrue();
    }

    @AfterAll
    static void stop() throws Exception {
        agent.close();
        Optional<ProcessHandle> running = RunningProcess.agent(data);
        if (running.isPresent()) {
            running.get().destroy();
            running.get().onExit().get(20, TimeUnit.SECONDS);
        }
        plane.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void runsATaskAndTellsItsEndItsLogAndItsCaller() {
        Connection connection = plane.connection();
        try (EcsClient ecs = connection.ecs();
                CloudWatchLogsClient logs = connection.logs();
                CloudTrailClient trail = connection.cloudTrail()) {
            ecs.registerTaskDefinition(b -> b.family("greeting").containerDefinitions(greeting()));
            Task task = ecs.runTask(b -> b.taskDefinition("greeting").launchType(LaunchType.EXTERNAL))
                    .tasks()
                    .getFirst();
            ecs.waiter()
                    .waitUntilTasksStopped(
                            b -> b.tasks(task.taskArn()),
                            w -> w.backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(100)))
                                    .maxAttempts(300));

            Task stopped =
                    ecs.describeTasks(b -> b.tasks(task.taskArn())).tasks().getFirst();
            assertThat(stopped.containers().getFirst().exitCode()).isEqualTo(7);
            assertThat(stopped.stopCodeAsString()).isEqualTo("EssentialContainerExited");
            List<String> lines = logs.filterLogEventsPaginator(b -> b.logGroupName(LOG_GROUP)).events().stream()
                    .map(FilteredLogEvent::message)
                    .toList();
            assertThat(lines).containsExactly("hello", "world");
            assertThat(trail.lookupEvents(b -> b.lookupAttributes(LookupAttribute.builder()
                                    .attributeKey("ResourceName")
                                    .attributeValue(task.taskArn())
                                    .build()))
                            .events())
                    .extracting(e -> e.eventName())
                    .contains("RunTask");
        }
    }

    private static ContainerDefinition greeting() {
        return ContainerDefinition.builder()
                .name("main")
                .image("host")
                .memory(64)
                .command("sh", "-c", "echo hello; echo world; exit 7")
                .logConfiguration(l -> l.logDriver(LogDriver.AWSLOGS)
                        .options(Map.of(
                                "awslogs-group", LOG_GROUP,
                                "awslogs-region", "us-east-1",
                                "awslogs-stream-prefix", "it",
                                "awslogs-create-group", "true")))
                .build();
    }

    @Test
    void whatIsNotImplementedSaysSo() {
        try (EcsClient ecs = plane.connection().ecs()) {
            assertThatThrownBy(() -> ecs.describeCapacityProviders(b -> {}))
                    .isInstanceOfSatisfying(AwsServiceException.class, e -> {
                        assertThat(e.statusCode()).isEqualTo(501);
                        assertThat(e.getMessage()).contains("DescribeCapacityProviders");
                    });
        }
    }
}
