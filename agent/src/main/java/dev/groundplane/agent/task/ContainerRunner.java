package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.journal.ContainerState;
import dev.groundplane.agent.model.ContainerSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One container of a task. All of it belongs to the task's thread; what blocks is done by its {@link ContainerWork} on
 * threads of its own, which tell what came of it.
 */
final class ContainerRunner {
    private static final Logger log = LoggerFactory.getLogger(ContainerRunner.class);

    /** Where a container stands; see the package's diagram. */
    enum Phase {
        PENDING,
        STARTING,
        RUNNING,
        ENDING,
        WAITING,
        ENDED,
        FINISHED
    }

    /** How an attempt ended: with an exit, or with the reason for which it could not be started. */
    private record End(
            @Nullable ContainerExit exit, @Nullable String failure) {}

    private final TaskRunner task;
    private final ContainerSpec spec;
    private final ContainerWork work;
    private ContainerState state;
    private Phase phase = Phase.PENDING;
    private Health health = Health.UNKNOWN;
    private End lastEnd = new End(null, null);
    private boolean stopping;

    ContainerRunner(TaskRunner task, ContainerSpec spec, ContainerState state, List<ContainerHook> hooks) {
        this.task = task;
        this.spec = spec;
        this.state = state;
        this.work = new ContainerWork(task, this, hooks);
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

    Health health() {
        return health;
    }

    /** Whether something is under way that will tell what comes of it. */
    boolean moves() {
        return phase != Phase.PENDING && phase != Phase.ENDED && phase != Phase.FINISHED;
    }

    /** Enters where a former agent process left the container. Before the task's thread begins. */
    void recover() throws InterruptedException {
        var handle = state.handle();
        if (state.stopped()) {
            phase = Phase.ENDED;
            inThread(() -> work.finish(handle));
        } else if (handle != null) {
            recover(handle);
        }
    }

    private void recover(DriverHandle handle) throws InterruptedException {
        try {
            var driver = task.drivers().forHandle(handle);
            switch (driver.recover(handle)) {
                case Inspection.NotStarted() -> phase = Phase.PENDING;
                case Inspection.Running running -> {
                    log.info("container {} of {} lives on as process {}", spec.name(), task.arn(), running.pid());
                    phase = Phase.STARTING;
                    inThread(() -> work.live(driver, handle));
                }
                case Inspection.Exited(var exit) -> exited(exit);
            }
        } catch (StartFailure e) {
            end(new End(null, String.valueOf(e.getMessage())));
        }
    }

    /** Starts a container again that the host's restart has ended. Before the task's thread begins. */
    void reviveAfterBoot() {
        var handle = state.handle();
        if (state.stopped()) {
            phase = Phase.ENDED;
            inThread(() -> work.finish(handle));
        } else if (handle != null) {
            again("because the host has restarted");
        }
    }

    /** Starts the container; what comes of it is told later. */
    void start() {
        phase = Phase.STARTING;
        inThread(() -> work.run(state.attempt()));
    }

    /** Stops the container, or remembers to once it runs. Idempotent. */
    void stop() {
        if (phase == Phase.ENDING || phase == Phase.WAITING) {
            end(lastEnd);
        }
        if (phase == Phase.STARTING) {
            work.cancel();
        }
        var handle = state.handle();
        if (stopping || phase != Phase.RUNNING || handle == null) {
            return;
        }
        stopping = true;
        inThread(() -> work.stop(handle));
    }

    /** Ends a container that has never started and never will; null means there is nothing to explain. */
    void skip(@Nullable String reason) {
        state = state.failed(reason);
        phase = Phase.FINISHED;
    }

    // What the work tells.

    void prepared(DriverHandle handle) {
        state = state.prepared(handle);
    }

    void started(ContainerState.RuntimeFacts runtime) {
        // An attempt that a former agent process started began then, not now.
        var began = state.startedUptimeMillis();
        state = state.running(began == null ? task.uptime().now() : Duration.ofMillis(began), runtime);
        phase = Phase.RUNNING;
    }

    void health(Health now) {
        health = now;
        task.noteHealth(this);
    }

    void nextAttempt() {
        state = state.again();
        health = Health.UNKNOWN;
    }

    void exited(ContainerExit exit) {
        lastEnd = new End(exit, null);
        decide(Restart.decide(spec, task.spec().belongsToService(), exit, state.attempt(), ran()));
    }

    void failed(String reason) {
        lastEnd = new End(null, reason);
        decide(Restart.afterFailure(spec, task.spec().belongsToService(), state.attempt()));
    }

    void finished() {
        phase = Phase.FINISHED;
    }

    private Duration ran() {
        var began = state.startedUptimeMillis();
        return began == null ? Duration.ZERO : task.uptime().now().minusMillis(began);
    }

    private void decide(Restart restart) {
        phase = Phase.ENDING;
        if (stopping || task.isStopping()) {
            end(lastEnd);
            return;
        }
        switch (restart) {
            case Restart.Never() -> end(lastEnd);
            case Restart.Now() -> again("as its restart policy says");
            case Restart.IfAway(var pause) ->
                inThread(() -> {
                    var away = task.isControlPlaneAway();
                    task.tell(() -> {
                        if (phase == Phase.ENDING) {
                            restartIf(away, pause);
                        }
                    });
                });
        }
    }

    private void restartIf(boolean away, Duration pause) {
        if (!away) {
            end(lastEnd);
            return;
        }
        phase = Phase.WAITING;
        task.later(pause, () -> {
            if (phase == Phase.WAITING) {
                again("because its service wants it and the control plane is away");
            }
        });
    }

    private void again(String why) {
        log.info("container {} of {} has ended and is started again, {}", spec.name(), task.arn(), why);
        phase = Phase.STARTING;
        var ended = state;
        inThread(() -> work.runAgain(ended));
    }

    private void end(End how) {
        var exit = how.exit();
        state = exit == null ? state.failed(how.failure()) : state.ended(exit);
        phase = Phase.ENDED;
        task.noteEnd();
        if (exit == null) {
            task.noteStartFailure(this, Objects.requireNonNullElse(how.failure(), ""));
        }
        var handle = state.handle();
        inThread(() -> work.finish(handle));
    }

    /** Blocking work in a thread of its own. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private void inThread(Work blocking) {
        Thread.ofVirtual().name("container " + spec.name()).start(() -> {
            try {
                blocking.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                // The outermost frame of this thread: without word from it the task would never end.
                log.error("container {} of {} cannot be run", spec.name(), task.arn(), e);
                task.tell(() -> {
                    state = state.failed("the agent could not run the container: " + e);
                    task.noteEnd();
                    task.noteStartFailure(this, String.valueOf(state.reason()));
                    phase = Phase.FINISHED;
                });
            }
        });
    }
}
