package dev.groundplane.services.ecs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerRestartPolicy;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

/** Builds the messages of the agent's protocol. Source: the message model of the Amazon ECS agent. */
final class AgentMessages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double CPU_PER_CORE = 1024;

    private AgentMessages() {}

    static String heartbeat(String messageId) {
        return envelope("HeartbeatMessage", Map.of("messageId", messageId, "healthy", true));
    }

    static String payload(
            String messageId, String clusterArn, String instanceArn, long sequence, List<TaskPayload> tasks) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("messageId", messageId);
        message.put("clusterArn", clusterArn);
        message.put("containerInstanceArn", instanceArn);
        message.put("seqNum", sequence);
        message.put("tasks", tasks);
        return envelope("PayloadMessage", message);
    }

    /** @param timeline rises with each manifest that an instance gets, also over restarts of this process */
    static String manifest(String messageId, String clusterArn, String instanceArn, long timeline, List<Task> tasks) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("messageId", messageId);
        message.put("clusterArn", clusterArn);
        message.put("containerInstanceArn", instanceArn);
        message.put("timeline", timeline);
        message.put("generatedAt", timeline);
        message.put(
                "tasks",
                tasks.stream()
                        .map(task -> Map.of(
                                "taskArn", task.taskArn(),
                                "taskClusterArn", task.clusterArn(),
                                "desiredStatus", task.desiredStatus()))
                        .toList());
        return envelope("TaskManifestMessage", message);
    }

    /** The answer to an agent that has tasks which its manifest did not name. */
    static String stopVerification(String messageId, List<String> taskArns) {
        return envelope(
                "TaskStopVerificationAck",
                Map.of(
                        "messageId",
                        messageId,
                        "stopTasks",
                        taskArns.stream()
                                .map(arn -> Map.of("taskArn", arn, "desiredStatus", "STOPPED"))
                                .toList()));
    }

    static String healthAcknowledgement(String messageId) {
        return envelope("AckPublishHealth", Map.of("messageId", messageId));
    }

    /** @param roleType {@code TaskApplication} or {@code TaskExecution} */
    static String roleCredentials(
            String messageId, String taskArn, String roleType, TaskPayload.RoleCredentials credentials) {
        return envelope(
                "IAMRoleCredentialsMessage",
                Map.of(
                        "messageId",
                        messageId,
                        "taskArn",
                        taskArn,
                        "roleType",
                        roleType,
                        "roleCredentials",
                        credentials));
    }

    private static String envelope(String type, Map<String, Object> message) {
        return json(Map.of("type", type, "message", message));
    }

    /**
     * A task as its agent gets it: overrides merged, logs with their stream.
     *
     * @param roles the credentials of its roles
     * @param startedBefore whether the agent has acknowledged it before and so must not start it anew
     */
    static TaskPayload task(
            Task task, TaskDefinition definition, RoleSessions.Credentials roles, boolean startedBefore) {
        String taskId = EcsNames.name(task.taskArn());
        String shortId = taskId.substring(taskId.lastIndexOf('/') + 1);
        List<ContainerDefinition> containers = Overrides.apply(definition.containerDefinitions(), task.overrides());
        return new TaskPayload(
                task.taskArn(),
                definition.family(),
                definition.revision().toString(),
                task.desiredStatus(),
                Integer.parseInt(task.cpu()) / CPU_PER_CORE,
                Integer.parseInt(task.memory()),
                definition.networkModeAsString(),
                definition.volumes().stream().map(AgentMessages::volume).toList(),
                containers.stream().map(c -> container(task, shortId, c)).toList(),
                roles.task(),
                roles.execution(),
                new TaskPayload.Groundplane(
                        startedBefore,
                        ServiceTasks.serviceOf(task).orElse(null),
                        ReservedClusters.isReserved(EcsNames.name(task.clusterArn()))));
    }

    private static TaskPayload.Volume volume(Volume volume) {
        String source = volume.host() == null ? null : volume.host().sourcePath();
        return new TaskPayload.Volume(volume.name(), "host", new TaskPayload.Volume.Host(source));
    }

    private static TaskPayload.Container container(Task task, String taskId, ContainerDefinition container) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (KeyValuePair pair : container.environment()) {
            environment.put(pair.name(), Objects.requireNonNullElse(pair.value(), ""));
        }
        return new TaskPayload.Container(
                container.name(),
                container.image(),
                container.command(),
                container.entryPoint(),
                environment,
                container.environmentFiles().stream()
                        .map(file -> new TaskPayload.EnvironmentFile(file.value(), file.typeAsString()))
                        .toList(),
                Objects.requireNonNullElse(container.cpu(), 0),
                Objects.requireNonNullElse(container.memory(), 0),
                Objects.requireNonNullElse(container.essential(), true),
                container.portMappings().stream()
                        .map(p -> new TaskPayload.PortMapping(
                                p.containerPort(),
                                Objects.requireNonNullElse(p.hostPort(), 0),
                                Objects.requireNonNullElse(p.protocolAsString(), "tcp")))
                        .toList(),
                container.mountPoints().stream()
                        .map(m -> new TaskPayload.MountPoint(
                                m.sourceVolume(), m.containerPath(), Boolean.TRUE.equals(m.readOnly())))
                        .toList(),
                container.dependsOn().stream()
                        .map(d -> new TaskPayload.Dependency(d.containerName(), d.conditionAsString()))
                        .toList(),
                container.startTimeout(),
                container.stopTimeout(),
                restartPolicy(container.restartPolicy()),
                container.healthCheck() == null ? null : "docker",
                ContainerSecrets.of(task, container),
                ContainerSecrets.registryAuthentication(task, container),
                new TaskPayload.DockerConfig(
                        json(DockerForm.config(container)), json(DockerForm.hostConfig(container, taskId))),
                task.containers().stream()
                        .filter(c -> c.name().equals(container.name()))
                        .findFirst()
                        .orElseThrow()
                        .containerArn());
    }

    private static TaskPayload.@Nullable RestartPolicy restartPolicy(@Nullable ContainerRestartPolicy policy) {
        return policy == null
                ? null
                : new TaskPayload.RestartPolicy(
                        Boolean.TRUE.equals(policy.enabled()),
                        policy.ignoredExitCodes(),
                        policy.restartAttemptPeriod());
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("messages always have a JSON form", e);
        }
    }
}
