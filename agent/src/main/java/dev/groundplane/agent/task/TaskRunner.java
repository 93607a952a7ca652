package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.journal.JournaledTask;
import dev.groundplane.agent.model.DesiredStatus;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.task.ContainerRunner.Phase;
import dev.groundplane.agent.task.Dependencies.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task from its acceptance until its last report is accepted. All decisions are made by one thread, which takes
 * what happened from a mailbox, then compares what is with what should be. {@link #tell} and {@link #requestStop} may be
 * called by any thread.
 */
final class TaskRunner {
    private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

    private final TaskSpec spec;
    private final TaskContext context;
    private final Map<String, ContainerRunner> containers = new LinkedHashMap<>();
    private final Dependencies dependencies = new Dependencies(containers);
    private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
    private final TaskReporting reporting;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> stopWritten = new CompletableFuture<>();
    private final TaskProgress progress;
    private DesiredStatus desired;
    private @Nullable String reason;
    private @Nullable Long stoppedAtMillis;
    private boolean stopping;
    private boolean retired;
    private volatile TaskView view;

    TaskRunner(JournaledTask task, TaskContext context) {
        this.spec = task.spec();
        this.context = context;
        var saved = task.state();
        this.progress = new TaskProgress(context.journal(), spec.taskId(), saved);
        this.desired = saved.desiredStatus();
        this.reason = saved.reason();
        this.stoppedAtMillis = saved.stoppedAtMillis();
        this.stopping = reason != null;
        this.reporting = new TaskReporting(this, context.reports(), saved.acknowledged());
        for (var container : spec.containers()) {
            var hooks = context.hooks().hooksFor(spec, container);
            containers.put(
                    container.name(), new ContainerRunner(this, container, saved.container(container.name()), hooks));
        }
        this.view = TaskViewing.of(this, context.clock());
    }

    String arn() {
        return spec.arn();
    }

    /** The task as it stood when its thread last decided. Any thread. */
    TaskView view() {
        return view;
    }

    /** What the control plane wants. On the task's thread. */
    DesiredStatus desired() {
        return desired;
    }

    TaskSpec spec() {
        return spec;
    }

    Drivers drivers() {
        return context.drivers();
    }

    Uptime uptime() {
        return context.uptime();
    }

    /** Asks whether the control plane is away; may take a few seconds. */
    boolean isControlPlaneAway() throws InterruptedException {
        return context.reachability().isAway();
    }

    /** Whether the task is to end. On the task's thread. */
    boolean isStopping() {
        return stopping || desired == DesiredStatus.STOPPED;
    }

    /** Does something on the task's thread after a pause. */
    void later(Duration pause, Runnable action) {
        context.timers().after(pause, () -> tell(action));
    }

    /** Completes when all containers have ended and the journal says so. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Whether all containers have ended. From any thread. */
    boolean hasEnded() {
        return ended.isDone();
    }

    /** Takes over what a former agent process left. Before {@link #begin}. */
    void recover() throws InterruptedException {
        if (progress.isOfEarlierBoot()
                && anyContainer(container -> !container.state().stopped())) {
            if (spec.belongsToService() && desired == DesiredStatus.RUNNING && !stopping) {
                // A service wants its tasks to run; should this one have been replaced, the control plane says so.
                progress.adopt();
                containers.values().forEach(ContainerRunner::reviveAfterBoot);
                return;
            }
            // Starting now what may have run before would run it twice.
            stopFor("The host restarted while the task was on it");
        }
        for (var container : containers.values()) {
            container.recover();
        }
    }

    /** Wants the task stopped before anything else happens to it. Before {@link #begin}. */
    void stopBeforeBeginning() {
        desired = DesiredStatus.STOPPED;
    }

    /** Begins to run the task, in a thread of its own. */
    void begin() {
        Thread.ofVirtual().name("task " + spec.taskId()).start(this::work);
    }

    /** Wants the task stopped; completes when the journal says so, or the task is over. Idempotent. */
    CompletableFuture<Void> requestStop() {
        tell(() -> desired = DesiredStatus.STOPPED);
        tell(() -> stopWritten.complete(null));
        return stopWritten;
    }

    /** Hands something that happened to the task's thread. */
    void tell(Runnable happened) {
        mailbox.add(happened);
    }

    /** Hands something that happened to the task's thread and waits until it is in the journal. */
    void tellAndWait(Runnable happened) throws InterruptedException {
        var done = new CountDownLatch(1);
        tell(happened);
        tell(done::countDown);
        done.await();
    }

    private void work() {
        try {
            advance();
            while (!retired) {
                mailbox.take().run();
                advance();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void advance() {
        if (desired == DesiredStatus.STOPPED) {
            stopping = true;
        }
        if (!stopping
                && anyContainer(container ->
                        container.spec().essential() && container.state().stopped())) {
            stopFor("Essential container in task exited");
        }
        if (!stopping) {
            startWhatIsReady();
        }
        if (stopping) {
            stopInOrder();
        }
        save();
        view = TaskViewing.of(this, context.clock());
        if (!retired) {
            reporting.advance();
        }
    }

    private void startWhatIsReady() {
        for (var container : containers.values()) {
            if (container.phase() != Phase.PENDING || stopping) {
                continue;
            }
            switch (dependencies.verdict(container.spec())) {
                case Verdict.Ready() -> {
                    container.start();
                    watchStartLimit(container);
                }
                case Verdict.Waiting waiting ->
                    log.trace("{} waits: {}", container.spec().name(), waiting);
                case Verdict.Impossible(var why) -> abandon(container, why);
            }
        }
        if (!stopping && !anyContainer(ContainerRunner::moves)) {
            containers.values().stream()
                    .filter(container -> container.phase() == Phase.PENDING)
                    .findFirst()
                    .ifPresent(container -> abandon(
                            container,
                            "container %s and others wait for each other"
                                    .formatted(container.spec().name())));
        }
    }

    private void abandon(ContainerRunner container, String why) {
        var failure = "CannotStartContainerError: " + why;
        container.skip(failure);
        stopFor(failure);
    }

    /** Bounds how long dependents wait, as ECS documents startTimeout. */
    private void watchStartLimit(ContainerRunner container) {
        container
                .spec()
                .startLimit()
                .ifPresent(limit -> context.timers()
                        .after(
                                limit,
                                () -> tell(() -> {
                                    for (var dependent : dependencies.dependents(
                                            container.spec().name())) {
                                        if (!stopping
                                                && dependent.phase() == Phase.PENDING
                                                && dependencies.verdict(dependent.spec()) instanceof Verdict.Waiting) {
                                            abandon(
                                                    dependent,
                                                    "container %s depends on %s, which did not come far enough within its startTimeout of %d s"
                                                            .formatted(
                                                                    dependent
                                                                            .spec()
                                                                            .name(),
                                                                    container
                                                                            .spec()
                                                                            .name(),
                                                                    limit.toSeconds()));
                                        }
                                    }
                                })));
    }

    private void stopInOrder() {
        for (var container : containers.values()) {
            if (container.phase() == Phase.PENDING) {
                container.skip(null);
            }
        }
        for (var container : containers.values()) {
            if (dependencies.mayStop(container.spec().name())) {
                container.stop();
            }
        }
    }

    /** A container has ended: the task's own end is that of its last one. On the task's thread. */
    void noteEnd() {
        stoppedAtMillis = context.clock().millis();
    }

    /** A container could not be started. On the task's thread. */
    void noteStartFailure(ContainerRunner container, String failure) {
        if (container.spec().essential() && !stopping) {
            stopFor(failure);
        }
    }

    /** A container's health has changed. On the task's thread. */
    void noteHealth(ContainerRunner changed) {
        log.info("container {} of {} is {}", changed.spec().name(), spec.arn(), changed.health());
        context.health()
                .changed(
                        spec.arn(),
                        containers.values().stream()
                                .filter(container -> container.spec().healthCheckType() != null)
                                .collect(Collectors.toMap(
                                        container -> container.spec().name(), ContainerRunner::health)));
    }

    private void stopFor(String why) {
        stopping = true;
        reason = why;
    }

    /** The control plane has accepted a report. On the task's thread. */
    void noteAcknowledged(TaskReport report) {
        reporting.acknowledged(report);
        if (report.status() != TaskReport.Status.STOPPED) {
            return;
        }
        try {
            context.journal().retire(spec.arn(), Json.MAPPER.writeValueAsBytes(report));
        } catch (IOException e) {
            log.error("cannot clear away {}; it will be reported again after a restart", spec.arn(), e);
        }
        retired = true;
        context.health().gone(spec.arn());
        stopWritten.complete(null);
        context.onRetired().accept(spec.arn());
    }

    boolean everyContainer(Predicate<ContainerRunner> condition) {
        return containers.values().stream().allMatch(condition);
    }

    private boolean anyContainer(Predicate<ContainerRunner> condition) {
        return containers.values().stream().anyMatch(condition);
    }

    private void save() {
        if (retired) {
            return;
        }
        var states = containers.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().state()));
        var written = progress.write(desired, reporting.lastAcknowledged(), reason, stoppedAtMillis, states);
        if (written && everyContainer(container -> container.state().stopped())) {
            ended.complete(null);
        }
    }

    /** Why the task stops; null while it runs and when it was asked to. On the task's thread. */
    @Nullable
    String reason() {
        return reason;
    }

    /** When the last container ended so far; null when none has. On the task's thread. */
    @Nullable
    Long stoppedAtMillis() {
        return stoppedAtMillis;
    }

    /** The containers, in the payload's order. On the task's thread. */
    Collection<ContainerRunner> containers() {
        return containers.values();
    }
}
