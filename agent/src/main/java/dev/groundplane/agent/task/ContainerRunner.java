package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.journal.ContainerState;
import dev.groundplane.agent.model.ContainerSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container of a task. Its fields belong to the task's thread; a thread of its own does what blocks, from before the
 * start to after the end, and tells the task's thread at every step.
 */
final class ContainerRunner {
    private static final Logger log = LoggerFactory.getLogger(ContainerRunner.class);

    /** Where a container stands; see the package's diagram. */
    enum Phase {
        PENDING,
        STARTING,
        RUNNING,
        ENDED,
        FINISHED
    }

    private final TaskRunner task;
    private final ContainerSpec spec;
    private final List<ContainerHook> hooks;
    private ContainerState state;
    private Phase phase = Phase.PENDING;
    private boolean stopping;

    ContainerRunner(TaskRunner task, ContainerSpec spec, ContainerState state, List<ContainerHook> hooks) {
        this.task = task;
        this.spec = spec;
        this.state = state;
        this.hooks = hooks;
    }

    ContainerSpec spec() {
        return spec;
    }

    ContainerState state() {
        return state;
    }

    Phase phase() {
        return phase;
    }

    /** Enters where a former agent process left the container. Before the task's thread begins. */
    void recover() throws InterruptedException {
        var handle = state.handle();
        if (state.stopped()) {
            phase = Phase.ENDED;
            inThread(() -> finish(handle));
        } else if (handle != null) {
            recover(handle);
        }
    }

    private void recover(DriverHandle handle) throws InterruptedException {
        try {
            var driver = task.drivers().forHandle(handle);
            switch (driver.recover(handle)) {
                case Inspection.NotStarted() -> phase = Phase.PENDING;
                case Inspection.Running(var pid, var _, var _) -> {
                    log.info("container {} of {} lives on as process {}", spec.name(), task.arn(), pid);
                    state = started(handle);
                    phase = Phase.RUNNING;
                    inThread(() -> live(driver, handle));
                }
                case Inspection.Exited(var exit) -> {
                    state = started(handle);
                    ended(exit);
                    inThread(() -> finish(handle));
                }
            }
        } catch (StartFailure e) {
            failed(String.valueOf(e.getMessage()));
            phase = Phase.FINISHED;
        }
    }

    /** Starts the container; what comes of it is told later. */
    void start() {
        phase = Phase.STARTING;
        inThread(this::run);
    }

    /** Stops the container, or remembers to once it runs. Idempotent. */
    void stop() {
        var handle = state.handle();
        if (stopping || phase != Phase.RUNNING || handle == null) {
            return;
        }
        stopping = true;
        inThread(() -> {
            try {
                task.drivers().forHandle(handle).stop(handle, spec.stopGrace());
            } catch (StartFailure e) {
                log.error("cannot stop container {} of {}: {}", spec.name(), task.arn(), e.getMessage());
            }
        });
    }

    /** Ends a container that has never started and never will; null means there is nothing to explain. */
    void skip(@Nullable String reason) {
        state = new ContainerState(state.handle(), false, true, null, reason);
        phase = Phase.FINISHED;
    }

    private void run() throws InterruptedException {
        DriverHandle handle = null;
        try {
            var driver = task.drivers().forImage(spec.image());
            var request = LaunchRequests.of(task.spec(), spec, 0);
            for (var hook : hooks) {
                request = hook.beforeStart(request);
            }
            var prepared = driver.prepare(request);
            handle = prepared;
            task.tellAndWait(() -> state = new ContainerState(prepared, false, false, null, null));
            driver.start(prepared);
            task.tell(() -> {
                state = started(prepared);
                phase = Phase.RUNNING;
            });
            live(driver, prepared);
        } catch (StartFailure e) {
            task.tell(() -> failed("CannotStartContainerError: " + e.getMessage()));
            finish(handle);
        }
    }

    private void live(TaskDriver driver, DriverHandle handle) throws InterruptedException {
        for (var hook : hooks) {
            hook.running();
        }
        var exit = driver.waitForExit(handle);
        task.tell(() -> ended(exit));
        finish(handle);
    }

    private void finish(@Nullable DriverHandle handle) throws InterruptedException {
        for (var hook : hooks.reversed()) {
            hook.ended();
        }
        if (handle != null) {
            try {
                task.drivers().forHandle(handle).destroy(handle);
            } catch (StartFailure e) {
                log.warn("cannot free what container {} of {} held: {}", spec.name(), task.arn(), e.getMessage());
            }
        }
        task.tell(() -> phase = Phase.FINISHED);
    }

    private static ContainerState started(DriverHandle handle) {
        return new ContainerState(handle, true, false, null, null);
    }

    private void ended(ContainerExit exit) {
        state = new ContainerState(state.handle(), true, true, exit.exitCode(), exit.reason());
        phase = Phase.ENDED;
        task.noteEnd();
    }

    private void failed(String reason) {
        state = new ContainerState(state.handle(), state.started(), true, null, reason);
        phase = Phase.ENDED;
        task.noteEnd();
        task.noteStartFailure(this, reason);
    }

    /** Blocking work in a thread of its own. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private void inThread(Work work) {
        Thread.ofVirtual().name("container " + spec.name()).start(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                // The outermost frame of this thread: without word from it the task would never end.
                log.error("container {} of {} cannot be run", spec.name(), task.arn(), e);
                task.tell(() -> {
                    failed("the agent could not run the container: " + e);
                    phase = Phase.FINISHED;
                });
            }
        });
    }
}
