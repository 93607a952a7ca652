package dev.groundplane.agent.task;

import dev.groundplane.agent.journal.ContainerState;
import dev.groundplane.agent.task.TaskView.ContainerView;
import dev.groundplane.agent.task.TaskView.Known;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the view of a task that other threads may look at. On the task's thread. */
final class TaskViewing {
    private TaskViewing() {}

    static TaskView of(TaskRunner task, InstantSource clock) {
        var boot = clock.instant().minus(task.uptime().now());
        var containers =
                task.containers().stream().map(container -> of(container, boot)).toList();
        return new TaskView(
                task.spec(), task.desired(), known(containers), instant(task.stoppedAtMillis()), containers);
    }

    private static ContainerView of(ContainerRunner container, Instant boot) {
        var state = container.state();
        var runtime = state.runtime();
        var began = state.startedUptimeMillis();
        var spec = container.spec();
        return new ContainerView(
                spec,
                known(state),
                state.handle(),
                state.exitCode(),
                // One that has ended may have begun before the host's last start.
                began == null || state.stopped() ? null : boot.plusMillis(began),
                state.attempt(),
                spec.healthCheckType() == null ? null : container.health().name(),
                runtime == null ? List.of() : runtime.bindings(),
                runtime == null ? null : runtime.imageDigest());
    }

    private static Known known(ContainerState state) {
        if (state.stopped()) {
            return Known.STOPPED;
        }
        if (state.started()) {
            return Known.RUNNING;
        }
        return state.handle() == null ? Known.NONE : Known.CREATED;
    }

    /** A task is as far as the container that is least far. */
    private static Known known(List<ContainerView> containers) {
        return containers.stream()
                .map(ContainerView::known)
                .min(Enum::compareTo)
                .orElse(Known.NONE);
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
