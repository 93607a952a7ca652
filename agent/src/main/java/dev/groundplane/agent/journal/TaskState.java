package dev.groundplane.agent.journal;

import dev.groundplane.agent.model.DesiredStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a task has come.
 *
 * @param bootId the boot of the host in which the task was accepted
 * @param desiredStatus what the control plane wants of it
 * @param acknowledged the last report that the control plane has accepted
 * @param reason why the task stops; null while it runs and when it was asked to
 * @param stoppedAtMillis when its last container ended, in milliseconds since 1970; null before
 * @param containers by name
 */
public record TaskState(
        String bootId,
        DesiredStatus desiredStatus,
        Acknowledged acknowledged,
        @Nullable String reason,
        @Nullable Long stoppedAtMillis,
        Map<String, ContainerState> containers) {

    /** The reports of a task, in their order. */
    public enum Acknowledged {
        NOTHING,
        RUNNING,
        STOPPED
    }

    /** Keeps its own copy of the map and reads an absent one as empty. */
    public TaskState {
        containers = containers == null ? Map.of() : Map.copyOf(containers);
    }

    /** A container's state; pending when nothing is known of it. */
    public ContainerState container(String name) {
        return containers.getOrDefault(name, ContainerState.PENDING);
    }
}
