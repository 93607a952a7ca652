package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.journal.ContainerState;
import dev.groundplane.agent.journal.ContainerState.RuntimeFacts;
import dev.groundplane.agent.model.ContainerSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What blocks in the life of one container: hooks and the driver's calls. Tells the {@link ContainerRunner}, on the task's
 * thread, what came of it. Used by one thread at a time, but for {@link #cancel}.
 */
final class ContainerWork {
    private static final Logger log = LoggerFactory.getLogger(ContainerWork.class);

    private final TaskRunner task;
    private final ContainerRunner runner;
    private final ContainerSpec spec;
    private final List<ContainerHook> hooks;
    /** As the hooks left it; later attempts run the same. */
    private @Nullable LaunchRequest request;

    private boolean followed;

    ContainerWork(TaskRunner task, ContainerRunner runner, List<ContainerHook> hooks) {
        this.task = task;
        this.runner = runner;
        this.spec = runner.spec();
        this.hooks = hooks;
    }

    /** Runs an attempt that was not started yet, from its preparation to its end. */
    void run(int attempt) throws InterruptedException {
        try {
            var driver = task.drivers().forImage(spec.image());
            var prepared = driver.prepare(request(attempt));
            task.tellAndWait(() -> runner.prepared(prepared));
            driver.start(prepared);
            live(driver, prepared);
        } catch (StartFailure e) {
            task.tell(() -> runner.failed(e.reason()));
        }
    }

    /** Clears away an attempt that is over and runs the next. */
    void runAgain(ContainerState ended) throws InterruptedException {
        free(ended.handle());
        task.tellAndWait(runner::nextAttempt);
        run(ended.attempt() + 1);
    }

    private LaunchRequest request(int attempt) throws StartFailure, InterruptedException {
        var prepared = request;
        if (prepared == null) {
            prepared = LaunchRequests.of(task.spec(), spec);
            for (var hook : hooks) {
                prepared = hook.beforeStart(prepared);
            }
            request = prepared;
        }
        return prepared.withAttempt(attempt);
    }

    /** Follows an attempt that runs, until it has ended. */
    void live(TaskDriver driver, DriverHandle handle) throws InterruptedException {
        var runtime = driver.inspect(handle) instanceof Inspection.Running(var _, var bindings, var digest)
                ? new RuntimeFacts(bindings, digest)
                : new RuntimeFacts(List.of(), null);
        task.tell(() -> runner.started(runtime));
        if (!followed) {
            followed = true;
            for (var hook : hooks) {
                hook.running();
            }
        }
        try (var health = HealthMonitor.begin(
                spec, driver, handle, task.uptime(), status -> task.tell(() -> runner.health(status)))) {
            var exit = driver.waitForExit(handle);
            health.close();
            task.tell(() -> runner.exited(exit));
        }
    }

    /** Gives up a preparation that waits for something. Any thread. */
    void cancel() {
        hooks.forEach(ContainerHook::cancel);
    }

    /** Stops what runs. */
    void stop(DriverHandle handle) throws InterruptedException {
        try {
            task.drivers().forHandle(handle).stop(handle, spec.stopGrace());
        } catch (StartFailure e) {
            log.error("cannot stop container {} of {}: {}", spec.name(), task.arn(), e.getMessage());
        }
    }

    /** Everything after the end for good. */
    void finish(@Nullable DriverHandle handle) throws InterruptedException {
        for (var hook : hooks.reversed()) {
            hook.ended();
        }
        free(handle);
        task.tell(runner::finished);
    }

    private void free(@Nullable DriverHandle handle) {
        if (handle == null) {
            return;
        }
        try {
            task.drivers().forHandle(handle).destroy(handle);
        } catch (StartFailure e) {
            log.warn("cannot free what container {} of {} held: {}", spec.name(), task.arn(), e.getMessage());
        }
    }
}
