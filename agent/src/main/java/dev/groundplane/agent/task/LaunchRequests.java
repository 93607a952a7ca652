package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Docker;
import dev.groundplane.agent.driver.LaunchRequest.Image;
import dev.groundplane.agent.driver.LaunchRequest.Limits;
import dev.groundplane.agent.driver.LaunchRequest.Network;
import dev.groundplane.agent.driver.LaunchRequest.Port;
import dev.groundplane.agent.driver.LaunchRequest.Program;
import dev.groundplane.agent.driver.LaunchRequest.Ulimit;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.DockerConfig;
import dev.groundplane.agent.model.DockerSettings;
import dev.groundplane.agent.model.TaskSpec;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Says what a driver needs to know of a container. */
final class LaunchRequests {
    private static final int UNITS_PER_CPU = 1024;
    private static final DockerConfig NO_CONFIG = new DockerConfig(null, null);

    private LaunchRequests() {}

    /** The request for the first attempt. */
    static LaunchRequest of(TaskSpec task, ContainerSpec container) throws StartFailure {
        try {
            var settings = DockerSettings.of(container);
            var docker = Objects.requireNonNullElse(container.dockerConfig(), NO_CONFIG);
            return new LaunchRequest(
                    task.taskId(),
                    container.name(),
                    0,
                    new Image(container.image(), null),
                    new Program(
                            container.entryPoint(),
                            container.command(),
                            container.environment(),
                            Set.of(),
                            settings.user(),
                            settings.workingDirectory(),
                            settings.privileged(),
                            task.belongsToPlatform()),
                    new Limits(Math.round(task.cpu() * UNITS_PER_CPU), task.memory()),
                    new Limits(container.cpu(), container.memory()),
                    settings.ulimits().stream()
                            .map(ulimit -> new Ulimit(ulimit.name(), ulimit.soft(), ulimit.hard()))
                            .toList(),
                    List.of(),
                    network(task, container),
                    new Docker(docker.config(), docker.hostConfig()));
        } catch (IllegalArgumentException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** Bridge is what ECS takes where a task definition names no network mode. */
    private static Network network(TaskSpec task, ContainerSpec container) {
        var ports = container.portMappings().stream()
                .map(port -> new Port(port.containerPort(), port.hostPort(), port.protocol()))
                .toList();
        return new Network(Objects.requireNonNullElse(task.networkMode(), "bridge"), ports);
    }
}
