package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection.Binding;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.DesiredStatus;
import dev.groundplane.agent.model.TaskSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as it stands, to look at from any thread.
 *
 * @param spec what was asked for, without credentials
 * @param desired what the control plane wants now
 * @param known how far the task is
 * @param executionStoppedAt when its last container ended so far; null when none has
 * @param containers in the payload's order
 */
public record TaskView(
        TaskSpec spec,
        DesiredStatus desired,
        Known known,
        @Nullable Instant executionStoppedAt,
        List<ContainerView> containers) {

    /** How far something is, in the ECS agent's words. */
    public enum Known {
        NONE,
        CREATED,
        RUNNING,
        STOPPED
    }

    /**
     * A container as it stands.
     *
     * @param spec what was asked for
     * @param known how far it is
     * @param handle what finds it; null before it was prepared
     * @param exitCode null when it runs or never ran
     * @param startedAt when its present attempt was started; null when it does not run
     * @param restartCount how often it was started again within its task
     * @param health {@code HEALTHY}, {@code UNHEALTHY} or {@code UNKNOWN}; null when nobody asks
     * @param bindings the host's ports that lead to it
     * @param imageDigest of the image it was made from; null when there is none
     */
    public record ContainerView(
            ContainerSpec spec,
            Known known,
            @Nullable DriverHandle handle,
            @Nullable Integer exitCode,
            @Nullable Instant startedAt,
            int restartCount,
            @Nullable String health,
            List<Binding> bindings,
            @Nullable String imageDigest) {

        /** Keeps its own copy of the list. */
        public ContainerView {
            bindings = List.copyOf(bindings);
        }
    }

    /** Keeps its own copy of the list. */
    public TaskView {
        containers = List.copyOf(containers);
    }
}
