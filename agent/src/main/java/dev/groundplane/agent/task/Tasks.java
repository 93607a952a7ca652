package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.model.DesiredStatus;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tasks of this agent. {@link #accept} is for one thread at a time, the thread that reads payloads; the rest is thread
 * safe.
 */
public final class Tasks {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);
    private static final String LOST = "The container instance no longer knows this task: its data directory was lost";
    private static final String NO_ROOM = "The container instance cannot write down the task: ";
    private static final String NEVER_STARTED = "The task was stopped before it reached the container instance";

    private final Map<String, TaskRunner> runners = new ConcurrentHashMap<>();
    /** Ends of tasks that never ran here, until they are delivered: such a task must not run if it is sent again. */
    private final Set<String> answering = ConcurrentHashMap.newKeySet();

    private final TaskJournal journal;
    private final TaskContext context;

    /** No tasks yet; {@link #recover} finds those of a former agent process. */
    public Tasks(
            TaskJournal journal,
            Drivers drivers,
            ContainerHook.Factory hooks,
            ReportSink reports,
            HealthSink health,
            Reachability reachability,
            Uptime uptime,
            InstantSource clock,
            Timers timers) {
        this.journal = journal;
        this.context = new TaskContext(
                journal, drivers, hooks, reports, health, reachability, uptime, clock, timers, runners::remove);
    }

    /** Takes over the tasks of a former agent process: what runs goes on, what has ended is reported. */
    public void recover() throws IOException, InterruptedException {
        recover(false);
    }

    /** Takes over the tasks of a former agent process and stops them; returns when all have ended. */
    public void recoverAndStop() throws IOException, InterruptedException {
        recover(true);
        for (var runner : List.copyOf(runners.values())) {
            runner.ended().join();
        }
    }

    private void recover(boolean stop) throws IOException, InterruptedException {
        for (var task : journal.load()) {
            var runner = new TaskRunner(task, context);
            runners.put(task.spec().arn(), runner);
            runner.recover();
            if (stop) {
                runner.stopBeforeBeginning();
            }
            runner.begin();
        }
    }

    /** The ARNs of the tasks that are here. */
    public List<String> arns() {
        return List.copyOf(runners.keySet());
    }

    /** The task with this id as it stands; empty when it is not here. */
    public Optional<TaskView> view(String taskId) {
        return runners.values().stream()
                .filter(runner -> runner.spec().taskId().equals(taskId))
                .findFirst()
                .map(TaskRunner::view);
    }

    /**
     * Takes the tasks of a payload: new ones are written to the journal, known ones only move towards their stop, which
     * begins at once. A new one for which the journal has no room does not run, and that is reported.
     *
     * @return what remains to be done once the payload is acknowledged
     * @throws IOException when the journal cannot be read or made durable; the payload must not be acknowledged then
     */
    public Runnable accept(List<TaskSpec> specs) throws IOException {
        var stops = new ArrayList<CompletableFuture<Void>>();
        var answers = new ArrayList<TaskReport>();
        var starts = new ArrayList<TaskSpec>();
        for (var spec : specs) {
            var known = runners.get(spec.arn());
            if (answering.contains(spec.arn())) {
                log.debug("task {} is sent again before its end is delivered", spec.arn());
            } else if (known != null) {
                if (spec.desiredStatus() == DesiredStatus.STOPPED) {
                    stops.add(known.requestStop());
                }
            } else {
                sortUnknown(spec, answers, starts);
            }
        }
        var accepted = journal.accept(
                starts, (spec, why) -> answers.add(TaskReport.stopped(spec.arn(), NO_ROOM + why.getMessage())));
        stops.forEach(CompletableFuture::join);
        return () -> {
            answers.forEach(this::answer);
            for (var task : accepted) {
                var runner = new TaskRunner(task, context);
                runners.put(task.spec().arn(), runner);
                runner.begin();
            }
        };
    }

    /**
     * The tasks here that are not to stop already and that the control plane does not count among its own.
     *
     * @param wanted the ARNs of the tasks that it wants to run here
     */
    public List<String> strangers(Set<String> wanted) {
        return runners.values().stream()
                .filter(runner -> !wanted.contains(runner.arn()) && !runner.hasEnded())
                .map(TaskRunner::arn)
                .toList();
    }

    /** Stops tasks that the control plane has given to other hosts or given up meanwhile. Idempotent. */
    public void stopStrangers(List<String> arns) {
        for (var arn : arns) {
            var runner = runners.get(arn);
            if (runner != null) {
                log.info("task {} is stopped: the control plane no longer wants it here", arn);
                var _ = runner.requestStop();
            }
        }
    }

    private void sortUnknown(TaskSpec spec, List<TaskReport> answers, List<TaskSpec> starts) throws IOException {
        var fault = TaskFaults.find(spec);
        if (fault.isPresent()) {
            answers.add(TaskReport.stopped(spec.arn(), fault.get()));
            return;
        }
        var lastReport = journal.lastReport(spec.taskId());
        if (lastReport.isPresent()) {
            answers.add(Json.MAPPER.readValue(lastReport.get(), TaskReport.class));
        } else if (spec.startedBefore()) {
            answers.add(TaskReport.stopped(spec.arn(), LOST));
        } else if (spec.desiredStatus() == DesiredStatus.STOPPED) {
            answers.add(TaskReport.stopped(spec.arn(), NEVER_STARTED));
        } else {
            starts.add(spec);
        }
    }

    /** Reports the end of a task that does not run here. */
    public void reject(String taskArn, String reason) {
        answer(TaskReport.stopped(taskArn, reason));
    }

    private void answer(TaskReport report) {
        log.info("task {} does not run here: {}", report.taskArn(), report.reason());
        answering.add(report.taskArn());
        Thread.ofVirtual().name("report " + report.taskArn()).start(() -> {
            try {
                context.reports().deliver(report);
                answering.remove(report.taskArn());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
