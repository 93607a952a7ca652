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
        @Nullable RoleCredentials roleCredentials,
        @Nullable RoleCredentials executionRoleCredentials,
        Groundplane groundplane) {

    /** What the protocol has no member for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Groundplane(boolean startedBefore, @Nullable String service, boolean platform) {}

    /** Temporary credentials of a role; {@code expiration} in ISO 8601. */
    record RoleCredentials(
            String credentialsId,
            String roleArn,
            String accessKeyId,
            String secretAccessKey,
            String sessionToken,
            String expiration) {
        /** Keeps the secrets out of log lines. */
        @Override
        public String toString() {
            return "RoleCredentials[" + roleArn + ", until " + expiration + "]";
        }
    }

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
            List<EnvironmentFile> environmentFiles,
            int cpu,
            int memory,
            boolean essential,
            List<PortMapping> portMappings,
            List<MountPoint> mountPoints,
            List<Dependency> dependsOn,
            @Nullable Integer startTimeout,
            @Nullable Integer stopTimeout,
            @Nullable RestartPolicy restartPolicy,
            @Nullable String healthCheckType,
            List<Secret> secrets,
            @Nullable RegistryAuthentication registryAuthentication,
            DockerConfig dockerConfig,
            String containerArn) {}

    /** {@code value} is the ARN of an S3 object, {@code type} s3. */
    record EnvironmentFile(String value, String type) {}

    record PortMapping(int containerPort, int hostPort, String protocol) {}

    record MountPoint(String sourceVolume, String containerPath, boolean readOnly) {}

    record Dependency(String containerName, String condition) {}

    /** Docker's own configuration, as JSON text. */
    record DockerConfig(String config, String hostConfig) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RestartPolicy(
            boolean enabled,
            List<Integer> ignoredExitCodes,
            @Nullable Integer restartAttemptPeriod) {}

    /** {@code provider} is asm (Secrets Manager) or ssm (Parameter Store). */
    record Secret(String name, String valueFrom, String region, String provider, String type, String target) {}

    record RegistryAuthentication(String type, AsmAuthData asmAuthData) {
        record AsmAuthData(String credentialsParameter, String region) {}
    }
}
