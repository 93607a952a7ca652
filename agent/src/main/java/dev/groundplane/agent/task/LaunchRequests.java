package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Limits;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.DockerSettings;
import dev.groundplane.agent.model.TaskSpec;
import java.util.List;

/** Says what a driver needs to know of a container. */
final class LaunchRequests {
    private static final int UNITS_PER_CPU = 1024;

    private LaunchRequests() {}

    static LaunchRequest of(TaskSpec task, ContainerSpec container) throws StartFailure {
        try {
            var settings = DockerSettings.of(container);
            return new LaunchRequest(
                    task.taskId(),
                    container.name(),
                    container.words(),
                    container.environment(),
                    settings.user(),
                    settings.workingDirectory(),
                    settings.privileged(),
                    new Limits(Math.round(task.cpu() * UNITS_PER_CPU), task.memory()),
                    new Limits(container.cpu(), container.memory()),
                    List.of());
        } catch (IllegalArgumentException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
