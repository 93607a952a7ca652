package dev.groundplane.server.cli;

import dev.groundplane.logging.LogFile;
import dev.groundplane.server.ControlPlane;
import dev.groundplane.server.Settings;
import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.Home;
import dev.groundplane.server.local.LocalAgent;
import dev.groundplane.server.local.RunningProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Starts a throw-away installation, uses it as people do and stops it. The launcher runs this once after a build, with the
 * JVM option that records which classes are needed, so that every later start finds them loaded and linked.
 */
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OBJECTS = 50;
    private static final int LARGE_BYTES = 1024 * 1024;

    @Mixin
    private DataOption data;

    @Option(names = "--agent-option", description = "a JVM option for the agent")
    private List<String> agentOptions = List.of();

    @Override
    public Integer call() throws Exception {
        DataDirectory directory = data.directory();
        directory.create();
        LogFile.use(directory.controlPlaneLog());
        ControlPlane plane = new ControlPlane(directory, Settings.onLoopback(freePort()), InstantSource.system());
        LocalAgent agent = plane.startLocalAgent(directory, Home.path(), agentOptions);
        boolean active = plane.awaitLocalAgent(PATIENCE);
        if (active) {
            use(plane.connection());
            useObjects(plane.connection());
        }
        agent.close();
        Optional<ProcessHandle> running = RunningProcess.agent(directory);
        if (running.isPresent()) {
            running.get().destroy();
            running.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        plane.close();
        return active ? 0 : 1;
    }

    private static void use(Connection connection) {
        try (EcsClient ecs = connection.ecs();
                CloudWatchLogsClient logs = connection.logs();
                CloudTrailClient trail = connection.cloudTrail()) {
            ecs.listClusters();
            ecs.describeClusters();
            ecs.registerTaskDefinition(b -> b.family("rehearsal").containerDefinitions(container()));
            Task task = ecs.runTask(b -> b.taskDefinition("rehearsal").launchType(LaunchType.EXTERNAL))
                    .tasks()
                    .getFirst();
            ecs.waiter()
                    .waitUntilTasksStopped(
                            b -> b.tasks(task.taskArn()),
                            w -> w.maxAttempts(300)
                                    .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(50))));
            ecs.listTasks();
            logs.filterLogEvents(b -> b.logGroupName("rehearsal"));
            trail.lookupEvents();
        }
    }

    /** Often enough for the compiler to learn what it is worth to compile. */
    private static void useObjects(Connection connection) {
        String bucket = "rehearsal";
        try (S3Client s3 = connection.s3()) {
            s3.createBucket(b -> b.bucket(bucket));
            for (int i = 0; i < OBJECTS; i++) {
                String key = "objects/" + i;
                int size = i % 10 == 0 ? LARGE_BYTES : i;
                s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(new byte[size]));
                s3.headObject(b -> b.bucket(bucket).key(key));
                s3.getObjectAsBytes(b -> b.bucket(bucket).key(key));
            }
            s3.listObjectsV2(b -> b.bucket(bucket).delimiter("/"));
            s3.listObjectsV2(b -> b.bucket(bucket).prefix("objects/"));
            for (int i = 0; i < OBJECTS; i++) {
                String key = "objects/" + i;
                s3.deleteObject(b -> b.bucket(bucket).key(key));
            }
            s3.deleteBucket(b -> b.bucket(bucket));
        }
    }

    private static ContainerDefinition container() {
        return ContainerDefinition.builder()
                .name("main")
                .image("host")
                .memory(64)
                .command("echo", "rehearsed")
                .logConfiguration(l -> l.logDriver(LogDriver.AWSLOGS)
                        .options(Map.of(
                                "awslogs-group", "rehearsal",
                                "awslogs-region", "us-east-1",
                                "awslogs-create-group", "true")))
                .build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
