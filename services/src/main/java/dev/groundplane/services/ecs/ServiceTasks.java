package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.ecs.Replica.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.HealthStatus;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** What the tasks of a service say about it. */
final class ServiceTasks {
    /** How long a new task without a health check must have been RUNNING before it is relied on. */
    static final Duration SETTLED = Duration.ofSeconds(5);

    private ServiceTasks() {}

    /** The name of the service whose task this is; empty for a task that was run on its own. */
    static Optional<String> serviceOf(Task task) {
        return Optional.ofNullable(task.group())
                .filter(group -> group.startsWith(LaunchRequest.SERVICE_GROUP))
                .map(group -> group.substring(LaunchRequest.SERVICE_GROUP.length()));
    }

    /** Whether the health of such tasks is checked. */
    static boolean isChecked(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .anyMatch(c -> !Boolean.FALSE.equals(c.essential()) && c.healthCheck() != null);
    }

    /**
     * How far a task is that has not stopped.
     *
     * @param current whether it is to stay; what is to be replaced is relied on from its first second
     * @param checked whether its health is checked
     * @param grace for how long after its start its health does not matter
     */
    static Phase phase(Task task, boolean current, boolean checked, Duration grace, Instant now) {
        if ("STOPPED".equals(task.desiredStatus())) {
            return Phase.STOPPING;
        }
        if (!"RUNNING".equals(task.lastStatus())) {
            return Phase.PENDING;
        }
        Instant started = Objects.requireNonNullElse(task.startedAt(), now);
        if (task.healthStatus() == HealthStatus.UNHEALTHY) {
            return now.isBefore(started.plus(grace)) ? Phase.STARTING : Phase.UNHEALTHY;
        }
        boolean ready = checked
                ? task.healthStatus() == HealthStatus.HEALTHY
                : !current || !now.isBefore(started.plus(SETTLED));
        return ready ? Phase.READY : Phase.STARTING;
    }

    /** Whether a task that has stopped failed, rather than being stopped, lost, or ended after it could be relied on. */
    static boolean failed(Task task) {
        if (task.stopCode() == TaskStopCode.SERVICE_SCHEDULER_INITIATED) {
            return task.healthStatus() == HealthStatus.UNHEALTHY;
        }
        if (task.stopCode() != TaskStopCode.ESSENTIAL_CONTAINER_EXITED
                && task.stopCode() != TaskStopCode.TASK_FAILED_TO_START) {
            return false;
        }
        Instant stopped = Objects.requireNonNullElse(task.executionStoppedAt(), task.stoppedAt());
        return task.startedAt() == null || stopped.isBefore(task.startedAt().plus(SETTLED));
    }

    /** The service with the counts of its tasks as they are now. */
    static Service counted(EcsStore store, Scope scope, Service service) {
        String name = EcsNames.name(service.serviceArn());
        List<Task> alive =
                store.tasks().listByIndex(scope, EcsStore.OF_SERVICE, name, "", Resources.ALL).items().stream()
                        .map(Stored::value)
                        .filter(t -> !"STOPPED".equals(t.lastStatus()) && !"STOPPED".equals(t.desiredStatus()))
                        .toList();
        List<Deployment> deployments = new ArrayList<>();
        int running = 0;
        for (Deployment deployment : service.deployments()) {
            boolean checked = store.taskDefinitions()
                    .find(scope, TaskDefinitions.storeName(deployment.taskDefinition()))
                    .map(d -> isChecked(d.value()))
                    .orElse(false);
            List<Task> own = alive.stream()
                    .filter(t -> deployment.id().equals(t.startedBy()))
                    .toList();
            int ownRunning =
                    (int) own.stream().filter(t -> isRunning(t, checked)).count();
            running += ownRunning;
            deployments.add(deployment.toBuilder()
                    .runningCount(ownRunning)
                    .pendingCount(own.size() - ownRunning)
                    .build());
        }
        return service.toBuilder()
                .runningCount(running)
                .pendingCount(alive.size() - running)
                .deployments(deployments)
                .build();
    }

    /** A task that waits for its first good health check is not running yet, as far as its service is concerned. */
    private static boolean isRunning(Task task, boolean checked) {
        return "RUNNING".equals(task.lastStatus())
                && task.healthStatus() != HealthStatus.UNHEALTHY
                && (!checked || task.healthStatus() == HealthStatus.HEALTHY);
    }
}
