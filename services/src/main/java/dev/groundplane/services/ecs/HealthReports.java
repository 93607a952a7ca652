package dev.groundplane.services.ecs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * What agents report about the health of containers, and what follows for their tasks: unhealthy when an essential container
 * is, healthy when all essential ones with a health check are. Source: Amazon ECS API Reference, Task, healthStatus.
 */
final class HealthReports {
    private final EcsStore store;

    HealthReports(EcsStore store) {
        this.store = store;
    }

    /**
     * Takes over a report. Idempotent; tasks of other instances and tasks that have stopped are passed over.
     *
     * @param tasks as in the ECS agent's PublishHealthRequest
     */
    void report(InstanceKey instance, JsonNode tasks) {
        store.database().write(tx -> {
            for (JsonNode task : tasks) {
                Map<String, HealthStatus> containers = new HashMap<>();
                for (JsonNode container : task.path("containers")) {
                    containers.put(
                            container.path("containerName").asText(),
                            HealthStatus.fromValue(
                                    container.path("healthStatus").asText()));
                }
                apply(tx, instance, EcsNames.name(task.path("taskArn").asText()), containers);
            }
            return tasks.size();
        });
    }

    private void apply(Transaction tx, InstanceKey instance, String name, Map<String, HealthStatus> reported)
            throws SQLException {
        Optional<Stored<Task>> stored = store.tasks().find(tx, instance.scope(), name);
        if (stored.isEmpty()
                || "STOPPED".equals(stored.get().value().lastStatus())
                || !instance.name().equals(EcsNames.name(stored.get().value().containerInstanceArn()))) {
            return;
        }
        Task task = stored.get().value();
        List<Container> containers = task.containers().stream()
                .map(c -> reported.containsKey(c.name())
                        ? c.toBuilder().healthStatus(reported.get(c.name())).build()
                        : c)
                .toList();
        Task changed = task.toBuilder()
                .containers(containers)
                .healthStatus(ofTask(tx, stored.get(), containers))
                .build();
        if (!changed.equals(task)) {
            store.tasks()
                    .update(
                            tx,
                            stored.get()
                                    .with(changed.toBuilder()
                                            .version(task.version() + 1)
                                            .build()));
        }
    }

    private HealthStatus ofTask(Transaction tx, Stored<Task> task, List<Container> containers) throws SQLException {
        Set<String> deciding = store.definition(tx, task).containerDefinitions().stream()
                .filter(c -> c.healthCheck() != null && !Boolean.FALSE.equals(c.essential()))
                .map(ContainerDefinition::name)
                .collect(Collectors.toSet());
        List<HealthStatus> statuses = containers.stream()
                .filter(c -> deciding.contains(c.name()))
                .map(Container::healthStatus)
                .toList();
        if (statuses.contains(HealthStatus.UNHEALTHY)) {
            return HealthStatus.UNHEALTHY;
        }
        boolean allHealthy = !statuses.isEmpty() && statuses.stream().allMatch(HealthStatus.HEALTHY::equals);
        return allHealthy ? HealthStatus.HEALTHY : HealthStatus.UNKNOWN;
    }
}
