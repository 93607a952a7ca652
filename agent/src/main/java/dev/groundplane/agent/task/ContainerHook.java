package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One concern of a container's life. A hook object belongs to one container and is called by one thread, in the order of
 * its methods; any of them may block. After a restart of the agent a new hook object enters where the container stands.
 */
public interface ContainerHook {

    /**
     * Before the container starts: makes ready what it needs and may change the request.
     *
     * @throws StartFailure when the container cannot start
     */
    default LaunchRequest beforeStart(LaunchRequest request) throws StartFailure, InterruptedException {
        return request;
    }

    /**
     * Nobody wants the container any more: {@link #beforeStart} is to fail soon if it waits for something. Called by another
     * thread, at any time, perhaps several times; returns at once.
     */
    default void cancel() {}

    /** The container runs: it was just started or found running. */
    default void running() throws InterruptedException {}

    /** The container has ended or could not be started. Its end is reported only after this returns. */
    default void ended() throws InterruptedException {}

    /** Makes the hooks of a container, in the order in which they prepare it. */
    @FunctionalInterface
    interface Factory {
        /** Hooks for one container. */
        List<ContainerHook> hooksFor(TaskSpec task, ContainerSpec container);

        /** These hooks and, after them, another one. */
        default Factory and(BiFunction<TaskSpec, ContainerSpec, ContainerHook> more) {
            return (task, container) -> {
                var hooks = new ArrayList<>(hooksFor(task, container));
                hooks.add(more.apply(task, container));
                return List.copyOf(hooks);
            };
        }
    }
}
