package dev.groundplane.server.demo;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.local.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CreateActivationResponse;

/**
 * A second host: an agent of its own, registered with an activation as an operator would register it, in a network of its
 * own where the machine allows that. Closing deregisters it and leaves nothing of it.
 */
final class SecondHost implements Step, AutoCloseable {
    static final String NAME = "floor-2";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 200;

    private final Workspace workspace;
    private final Path home;
    private final Optional<HostNetwork> network;
    private @Nullable Process agent;

    /** @param network the host's own; empty when it shares this machine's */
    SecondHost(Workspace workspace, Path home, Optional<HostNetwork> network) {
        this.workspace = workspace;
        this.home = home;
        this.network = network;
    }

    @Override
    public String title() {
        return network.isPresent()
                ? "register a second host, in a network of its own"
                : "register a second host: another agent on this machine";
    }

    @Override
    public void run() throws IOException, InterruptedException {
        Files.createDirectories(data());
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx--x--x"));
        List<String> command = new ArrayList<>(network.map(HostNetwork::prefix).orElse(List.of()));
        command.addAll(List.of(
                home.resolve("groundplane").toString(),
                "agent",
                "--endpoint",
                endpoint(),
                "--cluster",
                "default",
                "--data",
                data().toString(),
                "--name",
                NAME,
                "--cpus",
                "1",
                "--memory",
                "1024"));
        if (workspace.connection().authorities() != null) {
            command.addAll(List.of("--ca-file", workspace.connection().authorities()));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(workspace.log("second-host").toFile());
        try (SsmClient ssm = workspace.connection().ssm()) {
            CreateActivationResponse activation =
                    ssm.createActivation(b -> b.iamRole("GroundplaneInstance").defaultInstanceName(NAME));
            builder.environment().put("GROUNDPLANE_ACTIVATION_ID", activation.activationId());
            builder.environment().put("GROUNDPLANE_ACTIVATION_CODE", activation.activationCode());
        }
        agent = builder.start();
        awaitConnected();
    }

    private Path data() {
        return workspace.directory().resolve("second-host");
    }

    private String endpoint() {
        String own = workspace.connection().endpoint();
        return network.isPresent() ? own.replace("127.0.0.1", HostNetwork.address()) : own;
    }

    private void awaitConnected() throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        try (EcsClient ecs = workspace.connection().ecs()) {
            while (instance(ecs).filter(ContainerInstance::agentConnected).isEmpty()) {
                if (Instant.now().isAfter(end) || agent == null || !agent.isAlive()) {
                    throw new GroundplaneException(
                            ErrorKind.EXTERNAL,
                            "the second host does not connect; its log is " + workspace.log("second-host"));
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    private static Optional<ContainerInstance> instance(EcsClient ecs) {
        List<String> arns = ecs.listContainerInstances(b -> b.filter("attribute:groundplane.name == " + NAME))
                .containerInstanceArns();
        return arns.isEmpty()
                ? Optional.empty()
                : ecs.describeContainerInstances(b -> b.containerInstances(arns)).containerInstances().stream()
                        .findFirst();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Process running = agent;
        if (running == null) {
            return;
        }
        running.destroy();
        running.waitFor();
        try (EcsClient ecs = workspace.connection().ecs();
                SsmClient ssm = workspace.connection().ssm()) {
            instance(ecs).ifPresent(host -> {
                ecs.deregisterContainerInstance(
                        b -> b.containerInstance(host.containerInstanceArn()).force(true));
                ssm.deregisterManagedInstance(b -> b.instanceId(host.ec2InstanceId()));
            });
        }
        FileTree.remove(data());
    }
}
