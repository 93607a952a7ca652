package dev.groundplane.agent.metadata;

import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.TaskSpec;
import java.util.Objects;

/** Which network a container sees. */
final class NetworkModes {
    static final String HOST = "host";
    static final String NONE = "none";
    private static final String HOST_IMAGE = "host";

    private NetworkModes() {}

    /** {@code host}, {@code bridge} or {@code none}: a process on the host has the host's, whatever its task says. */
    static String of(TaskSpec task, ContainerSpec container) {
        return HOST_IMAGE.equals(container.image()) ? HOST : Objects.requireNonNullElse(task.networkMode(), "bridge");
    }
}
