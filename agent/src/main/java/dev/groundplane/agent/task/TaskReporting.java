package dev.groundplane.agent.task;

import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.task.ContainerRunner.Phase;
import dev.groundplane.agent.task.TaskReport.ContainerReport;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The reports of one task: RUNNING, then STOPPED, one after the other. Its fields belong to the task's thread; a thread of
 * its own waits for the control plane.
 */
final class TaskReporting {
    private final TaskRunner task;
    private final ReportSink sink;
    private final BlockingQueue<TaskReport> waiting = new LinkedBlockingQueue<>();
    private Acknowledged acknowledged;
    private Acknowledged queued;
    private boolean delivering;

    TaskReporting(TaskRunner task, ReportSink sink, Acknowledged acknowledged) {
        this.task = task;
        this.sink = sink;
        this.acknowledged = acknowledged;
        this.queued = acknowledged;
    }

    Acknowledged lastAcknowledged() {
        return acknowledged;
    }

    /** Queues the reports that are due. */
    void advance() {
        if (queued == Acknowledged.NOTHING
                && task.everyContainer(container -> container.state().started())) {
            queue(report(TaskReport.Status.RUNNING), Acknowledged.RUNNING);
        }
        if (queued != Acknowledged.STOPPED && task.everyContainer(container -> container.phase() == Phase.FINISHED)) {
            queue(report(TaskReport.Status.STOPPED), Acknowledged.STOPPED);
        }
    }

    /** The report for this moment. */
    private TaskReport report(TaskReport.Status status) {
        var stopped = status == TaskReport.Status.STOPPED;
        return new TaskReport(
                task.arn(),
                status,
                stopped ? task.reason() : null,
                stopped ? task.stoppedAtMillis() : null,
                task.containers().stream().map(TaskReporting::report).toList());
    }

    private static ContainerReport report(ContainerRunner container) {
        var state = container.state();
        var handle = state.handle();
        var runtime = state.runtime();
        return new ContainerReport(
                container.spec().name(),
                state.stopped() ? TaskReport.Status.STOPPED : TaskReport.Status.RUNNING,
                handle == null ? null : handle.data(),
                state.exitCode(),
                state.reason(),
                runtime == null ? null : runtime.imageDigest(),
                runtime == null ? List.of() : runtime.bindings());
    }

    private void queue(TaskReport report, Acknowledged step) {
        queued = step;
        waiting.add(report);
        if (!delivering) {
            delivering = true;
            Thread.ofVirtual().name("reports " + report.taskArn()).start(this::deliver);
        }
    }

    private void deliver() {
        try {
            TaskReport report;
            do {
                report = waiting.take();
                sink.deliver(report);
                var delivered = report;
                task.tell(() -> task.noteAcknowledged(delivered));
            } while (report.status() != TaskReport.Status.STOPPED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The control plane has accepted a report. */
    void acknowledged(TaskReport report) {
        acknowledged = report.status() == TaskReport.Status.STOPPED ? Acknowledged.STOPPED : Acknowledged.RUNNING;
    }
}
