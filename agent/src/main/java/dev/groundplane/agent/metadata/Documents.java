package dev.groundplane.agent.metadata;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The documents of the task metadata endpoint version 4. Member names and units are ECS's; times are ISO 8601. What is not
 * known is left out. Source: Amazon ECS Developer Guide, "Task metadata endpoint version 4", and the ECS agent's
 * tmds/handlers/v2/response.go and v4/state/response.go.
 */
final class Documents {
    private Documents() {}

    /** A task; its limits in vCPUs and MiB. */
    @JsonNaming(UpperCamelCaseStrategy.class)
    record TaskDocument(
            String cluster,
            @JsonProperty("TaskARN") String taskArn,
            @Nullable String family,
            @Nullable String revision,
            String desiredStatus,
            String knownStatus,
            @Nullable Limits limits,
            @Nullable String executionStoppedAt,
            String launchType,
            @Nullable String serviceName,
            List<ContainerDocument> containers) {}

    /** A container; its limits in CPU units and MiB. */
    @JsonNaming(UpperCamelCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record ContainerDocument(
            String dockerId,
            String name,
            String image,
            @JsonProperty("ImageID") @Nullable String imageId,
            Map<String, String> labels,
            String desiredStatus,
            String knownStatus,
            @Nullable Integer exitCode,
            Limits limits,
            @Nullable String startedAt,
            String type,
            @Nullable String logDriver,
            Map<String, String> logOptions,
            @JsonProperty("ContainerARN") @Nullable String containerArn,
            @Nullable Health health,
            List<Port> ports,
            List<Network> networks,
            @Nullable Integer restartCount) {}

    record Limits(
            @JsonProperty("CPU") @Nullable Double cpu,
            @JsonProperty("Memory") @Nullable Long memory) {}

    /** Health checks say it in lower case. */
    record Health(String status) {}

    @JsonNaming(UpperCamelCaseStrategy.class)
    record Port(int containerPort, String protocol, int hostPort, String hostIp) {}

    @JsonNaming(UpperCamelCaseStrategy.class)
    record Network(String networkMode) {}
}
