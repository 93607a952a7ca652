package dev.groundplane.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the agent until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Runs the agent. SIGTERM stops the agent and leaves its tasks running: the next run takes them over.")
final class RunCommand implements Callable<Integer> {
    @Option(names = "--endpoint", required = true, paramLabel = "URL", description = "The control plane.")
    private URI endpoint;

    @Option(names = "--region", required = true, paramLabel = "REGION", description = "The region of the cluster.")
    private String region;

    @Option(names = "--cluster", required = true, paramLabel = "CLUSTER", description = "The cluster to join.")
    private String cluster;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data directory of this agent.")
    private Path data;

    @Option(names = "--name", paramLabel = "NAME", description = "The container instance's name; default: the host's.")
    private @Nullable String name;

    @Option(names = "--cpus", paramLabel = "N", description = "How many processors to offer; default: all.")
    private @Nullable Integer cpus;

    @Option(names = "--memory", paramLabel = "MiB", description = "How much memory to offer; default: all.")
    private @Nullable Integer memory;

    @Option(names = "--attribute", paramLabel = "NAME=VALUE", description = "An attribute of the container instance.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--reserved-port", paramLabel = "PORT", description = "A TCP port that tasks cannot have.")
    private List<Integer> reservedPorts = new ArrayList<>();

    @Option(
            names = "--log-bound",
            paramLabel = "MiB",
            defaultValue = "1024",
            description = "How much output of one container may wait on the disk while logs cannot be delivered; of more,"
                    + " the oldest is dropped. Default: ${DEFAULT-VALUE}.")
    private long logBound;

    @Option(
            names = "--allow-privileged",
            description = "Allow host tasks to have other users and the host's own powers.")
    private boolean allowPrivileged;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settings = new AgentSettings(
                endpoint,
                region,
                cluster,
                data,
                name == null ? InetAddress.getLocalHost().getHostName() : name,
                cpus == null ? OptionalInt.empty() : OptionalInt.of(cpus),
                memory == null ? OptionalInt.empty() : OptionalInt.of(memory),
                attributes,
                reservedPorts,
                logBound,
                allowPrivileged);
        try (var directory = DataDirectory.take(data)) {
            new Agent(directory).run(settings);
            return 0;
        } catch (DataDirectory.DirectoryInUse e) {
            System.err.println("groundplane-agent: " + e.getMessage());
            return 1;
        }
    }
}
