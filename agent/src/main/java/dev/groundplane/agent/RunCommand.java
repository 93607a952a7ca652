package dev.groundplane.agent;

import dev.groundplane.agent.driver.container.PullBehavior;
import dev.groundplane.agent.identity.Endpoints;
import dev.groundplane.agent.identity.EnrollmentRefused;
import dev.groundplane.agent.link.RegistrationRefused;
import dev.groundplane.agent.metadata.LinkLocalAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the agent until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Runs the agent. SIGTERM stops the agent and leaves its tasks running: the next run takes them over.")
final class RunCommand implements Callable<Integer> {
    private static final String NONE = "none";
    private static final List<String> RESERVED = List.of("ecs.", "com.amazonaws.", "groundplane.");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--endpoint",
            required = true,
            paramLabel = "URL",
            description =
                    "The control plane; may be repeated for control planes that share a database, of which the agent"
                            + " uses one that answers.")
    private List<URI> endpoints;

    @Option(
            names = "--region",
            defaultValue = "us-east-1",
            paramLabel = "REGION",
            description = "The region of the cluster; default: ${DEFAULT-VALUE}.")
    private String region;

    @Option(
            names = "--cluster",
            defaultValue = "default",
            paramLabel = "CLUSTER",
            description = "The cluster to join; default: ${DEFAULT-VALUE}.")
    private String cluster;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory of this agent; default: /var/lib/groundplane-agent as root,"
                    + " else ~/.groundplane-agent.")
    private @Nullable Path data;

    @Mixin
    private ActivationOptions activation;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Certificate authorities to trust, as PEM; default: the JVM's.")
    private @Nullable Path certificateAuthorities;

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
            description =
                    "How much output of one container may wait on the disk while logs cannot be delivered; of more,"
                            + " the oldest is dropped. Default: ${DEFAULT-VALUE}.")
    private long logBound;

    @Option(
            names = "--allow-privileged",
            description = "Allow tasks to have the host's own powers, and host tasks other users.")
    private boolean allowPrivileged;

    @Option(
            names = "--metadata-address",
            paramLabel = "ADDRESS",
            defaultValue = "169.254.170.2",
            description =
                    "Where containers with networks of their own find role credentials and task metadata. When the"
                            + " first of them starts, the address is added to the loopback interface if it is missing and the"
                            + " agent may; none leaves such containers without. Default: ${DEFAULT-VALUE}.")
    private String metadataAddress;

    @Option(
            names = "--task-endpoint",
            paramLabel = "URL",
            description = "AWS_ENDPOINT_URL of tasks with a role, unless they set it or bring keys of their own; none"
                    + " leaves it unset. Default: the control plane.")
    private @Nullable String taskEndpoint;

    @Option(
            names = "--container-engine",
            paramLabel = "URL|none",
            defaultValue = "${env:GROUNDPLANE_CONTAINER_ENGINE}",
            description = "The container engine's socket as a unix: URL, or none; default:"
                    + " GROUNDPLANE_CONTAINER_ENGINE, else the one that is found.")
    private @Nullable String containerEngine;

    @Option(
            names = "--image-pull",
            paramLabel = "WHEN",
            defaultValue = "${env:ECS_IMAGE_PULL_BEHAVIOR:-default}",
            description = "When images are pulled: ${COMPLETION-CANDIDATES}; default: ECS_IMAGE_PULL_BEHAVIOR, else"
                    + " default: always, or else what is there.")
    private PullBehavior imagePull;

    @Mixin
    private LogOption log;

    @Override
    public Integer call() throws IOException, InterruptedException {
        log.apply();
        checkAttributes();
        var known = new Endpoints(checkedEndpoints());
        var settings = new AgentSettings(
                known,
                region,
                cluster,
                data == null ? defaultData() : data,
                name == null ? InetAddress.getLocalHost().getHostName() : name,
                cpus == null ? OptionalInt.empty() : OptionalInt.of(cpus),
                memory == null ? OptionalInt.empty() : OptionalInt.of(memory),
                attributes,
                reservedPorts,
                logBound,
                allowPrivileged,
                activation.activation(spec),
                Optional.ofNullable(certificateAuthorities),
                metadataAddress.equals(NONE) ? Optional.empty() : Optional.of(LinkLocalAddress.of(metadataAddress)),
                taskEndpoint(known),
                containerEngine,
                imagePull);
        try (var directory = DataDirectory.take(settings.data())) {
            new Agent(directory).run(settings);
            return 0;
        } catch (DataDirectory.DirectoryInUse | EnrollmentRefused | RegistrationRefused e) {
            System.err.println("groundplane-agent: " + e.getMessage());
            return 1;
        }
    }

    private List<URI> checkedEndpoints() {
        for (var endpoint : endpoints) {
            if (endpoint.getHost() == null || !List.of("http", "https").contains(endpoint.getScheme())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--endpoint must have the form http://ADDRESS:PORT or https://ADDRESS:PORT, found '%s'"
                                .formatted(endpoint));
            }
        }
        return endpoints;
    }

    private void checkAttributes() {
        for (var attribute : attributes.keySet()) {
            RESERVED.stream().filter(attribute::startsWith).findFirst().ifPresent(prefix -> {
                throw new ParameterException(
                        spec.commandLine(),
                        "--attribute %s: names that begin with '%s' are kept for what the agent finds out itself;"
                                        .formatted(attribute, prefix)
                                + " choose another");
            });
        }
    }

    private static Path defaultData() {
        return System.getProperty("user.name").equals("root")
                ? Path.of("/var/lib/groundplane-agent")
                : Path.of(System.getProperty("user.home"), ".groundplane-agent");
    }

    private Supplier<Optional<URI>> taskEndpoint(Endpoints known) {
        var given = taskEndpoint;
        if (given == null) {
            return () -> Optional.of(known.current());
        }
        var fixed = given.equals(NONE) ? Optional.<URI>empty() : Optional.of(URI.create(given));
        return () -> fixed;
    }
}
