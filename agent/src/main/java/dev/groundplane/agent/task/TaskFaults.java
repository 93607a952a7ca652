package dev.groundplane.agent.task;

import dev.groundplane.agent.files.TaskDirectory;
import dev.groundplane.agent.model.TaskSpec;
import java.util.HashSet;
import java.util.Optional;

/** Finds what makes a task unfit to run at all, such as names that cannot be file names. */
final class TaskFaults {
    private TaskFaults() {}

    /** A sentence for the user; empty when the task can be run. */
    static Optional<String> find(TaskSpec task) {
        try {
            TaskDirectory.requireSafe("task id", task.taskId());
            var names = new HashSet<String>();
            for (var container : task.containers()) {
                if (!names.add(TaskDirectory.requireSafe("container name", container.name()))) {
                    return Optional.of("container name %s: two containers have it".formatted(container.name()));
                }
            }
            for (var volume : task.volumes()) {
                TaskDirectory.requireSafe("volume name", volume.name());
            }
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        return task.containers().isEmpty() ? Optional.of("the task has no containers") : Optional.empty();
    }
}
