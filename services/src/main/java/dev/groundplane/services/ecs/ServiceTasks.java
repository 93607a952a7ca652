package dev.groundplane.services.ecs;

import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Task;

/** Tells the tasks of ECS services from others: their group is {@code service:NAME}. */
final class ServiceTasks {
    private static final String PREFIX = "service:";

    private ServiceTasks() {}

    /** The group of a service's tasks. */
    static String group(String service) {
        return PREFIX + service;
    }

    /** The name of the service whose task this is; empty for a task that was run on its own. */
    static Optional<String> serviceOf(Task task) {
        return Optional.ofNullable(task.group())
                .filter(group -> group.startsWith(PREFIX))
                .map(group -> group.substring(PREFIX.length()));
    }
}
