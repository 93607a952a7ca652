package dev.groundplane.agent.model;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container of a task as a payload describes it.
 *
 * @param name the container's name, unique in its task
 * @param image the image; {@code host} runs a process on the host itself
 * @param entryPoint the words before the command
 * @param command the command's words
 * @param environment the container's environment
 * @param environmentFiles files with more of it, in their order; what {@code environment} has wins
 * @param cpu CPU units of which 1024 are one vCPU; 0 means none set
 * @param memory the hard memory limit in MiB; 0 means none
 * @param essential whether the task stops when this container does
 * @param portMappings the ports it listens on
 * @param mountPoints the volumes it sees
 * @param dependsOn the containers it waits for
 * @param startTimeout seconds that its dependents wait for it at most; null means without limit
 * @param stopTimeout seconds between SIGTERM and SIGKILL; null means 30
 * @param restartPolicy whether it is started again when it ends; null means never
 * @param healthCheckType {@code docker} when {@code dockerConfig} has a health check; null when there is none
 * @param secrets environment variables whose values are fetched before the start
 * @param registryAuthentication how to log in to the image's registry; null means not at all
 * @param dockerConfig settings in Docker's form; null means none
 * @param containerArn the container's ARN; null when the control plane named none
 */
public record ContainerSpec(
        String name,
        String image,
        List<String> entryPoint,
        List<String> command,
        Map<String, String> environment,
        List<EnvironmentFile> environmentFiles,
        int cpu,
        long memory,
        boolean essential,
        List<PortMapping> portMappings,
        List<MountPoint> mountPoints,
        List<Dependency> dependsOn,
        @Nullable Integer startTimeout,
        @Nullable Integer stopTimeout,
        @Nullable RestartPolicy restartPolicy,
        @Nullable String healthCheckType,
        List<SecretReference> secrets,
        @Nullable RegistryAuthentication registryAuthentication,
        @Nullable DockerConfig dockerConfig,
        @Nullable String containerArn) {

    private static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(30);

    /** Reads absent lists and maps as empty. */
    public ContainerSpec {
        image = image == null ? "" : image;
        entryPoint = entryPoint == null ? List.of() : List.copyOf(entryPoint);
        command = command == null ? List.of() : List.copyOf(command);
        environment = environment == null ? Map.of() : new LinkedHashMap<>(environment);
        environmentFiles = environmentFiles == null ? List.of() : List.copyOf(environmentFiles);
        portMappings = portMappings == null ? List.of() : List.copyOf(portMappings);
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        mountPoints = mountPoints == null ? List.of() : List.copyOf(mountPoints);
        dependsOn = dependsOn == null ? List.of() : List.copyOf(dependsOn);
    }

    /** The time between SIGTERM and SIGKILL. */
    public Duration stopGrace() {
        return stopTimeout == null ? DEFAULT_STOP_TIMEOUT : Duration.ofSeconds(stopTimeout);
    }

    /** How long dependents wait for this container after it was started; empty means without limit. */
    public Optional<Duration> startLimit() {
        return Optional.ofNullable(startTimeout).map(Duration::ofSeconds);
    }
}
