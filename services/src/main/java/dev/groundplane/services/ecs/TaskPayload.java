package dev.groundplane.services.ecs;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task in the form of the agent's protocol (ACS). Member names are the protocol's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TaskPayload(
        String arn,
        String family,
        String version,
        String desiredStatus,
        double cpu,
        int memory,
        @Nullable String networkMode,
        List<Volume> volumes,
        List<Container> containers,
        Groundplane groundplane) {

    /** What the protocol has no member for. */
    record Groundplane(boolean startedBefore) {}

    record Volume(String name, String type, Host host) {
        @JsonInclude(JsonInclude.Include.NON_NULL)
        record Host(@Nullable String sourcePath) {}
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Container(
            String name,
            String image,
            List<String> command,
            List<String> entryPoint,
            Map<String, String> environment,
            int cpu,
            int memory,
            boolean essential,
            List<PortMapping> portMappings,
            List<MountPoint> mountPoints,
            List<Dependency> dependsOn,
            @Nullable Integer startTimeout,
            @Nullable Integer stopTimeout,
            DockerConfig dockerConfig,
            String containerArn) {}

    record PortMapping(int containerPort, int hostPort, String protocol) {}

    record MountPoint(String sourceVolume, String containerPath, boolean readOnly) {}

    record Dependency(String containerName, String condition) {}

    /** Docker's own configuration, as JSON text. */
    record DockerConfig(String config, String hostConfig) {}
}
