package dev.groundplane.agent.metadata;

import dev.groundplane.agent.task.TaskView;
import java.util.Optional;

/** The tasks of this agent, to look at. Thread safe; never waits for a task. */
@FunctionalInterface
public interface TaskViews {
    /** The task with this id as it stands; empty when it is not here. */
    Optional<TaskView> find(String taskId);
}
