package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Page;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.VersionInfo;

/**
 * A container instance as a {@link ClusterQuery} sees it.
 *
 * @param agentVersion empty when the agent did not say
 * @param ec2InstanceId a managed instance's {@code mi-...} id; empty when it has none
 * @param attributes values by name; an attribute may have no value
 * @param taskGroups the groups of the tasks on it that are not STOPPED
 */
record QueriedInstance(
        String containerInstanceArn,
        String status,
        boolean agentConnected,
        Optional<String> agentVersion,
        Optional<String> ec2InstanceId,
        Instant registeredAt,
        int runningTasksCount,
        int pendingTasksCount,
        Map<String, Optional<String>> attributes,
        Set<String> taskGroups) {

    QueriedInstance {
        attributes = Map.copyOf(attributes);
        taskGroups = Set.copyOf(taskGroups);
    }

    /** @param taskGroups see {@link #groups}; empty when the query does not read them */
    static QueriedInstance of(ContainerInstance instance, Set<String> taskGroups) {
        Map<String, Optional<String>> attributes = new HashMap<>();
        for (Attribute attribute : instance.attributes()) {
            attributes.put(attribute.name(), Optional.ofNullable(attribute.value()));
        }
        return new QueriedInstance(
                instance.containerInstanceArn(),
                instance.status(),
                Boolean.TRUE.equals(instance.agentConnected()),
                Optional.ofNullable(instance.versionInfo()).map(VersionInfo::agentVersion),
                Optional.ofNullable(instance.ec2InstanceId()),
                instance.registeredAt(),
                Objects.requireNonNullElse(instance.runningTasksCount(), 0),
                Objects.requireNonNullElse(instance.pendingTasksCount(), 0),
                attributes,
                taskGroups);
    }

    /** The groups of an instance's tasks that are not STOPPED. */
    static Set<String> groups(Page<Task> active) {
        return active.items().stream()
                .map(t -> t.value().group())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
