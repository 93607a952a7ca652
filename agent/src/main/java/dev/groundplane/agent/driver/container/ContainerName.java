package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.TaskDirectory;
import java.nio.file.Path;

/** What a container is called: by task, name and attempt, so that whoever prepares it again finds it. */
record ContainerName(String taskId, String container, int attempt) {
    private static final int HANDLE_VERSION = 1;

    static ContainerName of(LaunchRequest request) {
        return new ContainerName(
                TaskDirectory.requireSafe("task id", request.taskId()),
                TaskDirectory.requireSafe("container name", request.container()),
                request.attempt());
    }

    static ContainerName of(DriverHandle handle) {
        if (!handle.driver().equals(ContainerDriver.NAME) || handle.version() != HANDLE_VERSION) {
            throw new IllegalArgumentException(
                    "%s is not a handle of the container driver, version %d".formatted(handle, HANDLE_VERSION));
        }
        var parts = handle.data().split("/", 3);
        return new ContainerName(parts[0], parts[1], Integer.parseInt(parts[2]));
    }

    DriverHandle handle() {
        return new DriverHandle(ContainerDriver.NAME, HANDLE_VERSION, "%s/%s/%d".formatted(taskId, container, attempt));
    }

    /** The name that the engine knows. */
    String inEngine() {
        return "groundplane-%s-%s-%d".formatted(taskId, container, attempt);
    }

    /** The container's files, below the directory of all tasks. */
    ContainerDirectory directory(Path tasks) {
        return TaskDirectory.of(tasks, taskId).container(container);
    }
}
