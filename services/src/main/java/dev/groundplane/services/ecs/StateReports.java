package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerStateChange;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * What agents report about tasks. States only move forward (PENDING, RUNNING, STOPPED); a repeated or late report changes
 * nothing and is acknowledged, because agents resend what they do not know to have arrived.
 */
final class StateReports {
    private static final List<String> ORDER = List.of("PENDING", "RUNNING", "STOPPED");

    private final EcsStore store;
    private final InstantSource clock;

    StateReports(EcsStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    SubmitTaskStateChangeResponse submit(Call call, SubmitTaskStateChangeRequest request) {
        if (request.task() == null || request.status() == null || !ORDER.contains(request.status())) {
            throw EcsErrors.invalidParameter(
                    "task must be an ARN and status one of %s, found '%s' and '%s'.",
                    ORDER, request.task(), request.status());
        }
        return call.commit(tx -> {
            Optional<Stored<Task>> stored = store.tasks().find(tx, call.scope(), EcsNames.name(request.task()));
            if (stored.isPresent()) {
                submit(tx, stored.get(), instance(tx, call, stored.get()), request);
            }
            return SubmitTaskStateChangeResponse.builder().acknowledgment("ACK").build();
        });
    }

    private void submit(
            Transaction tx,
            Stored<Task> stored,
            Optional<Stored<ContainerInstance>> instance,
            SubmitTaskStateChangeRequest report)
            throws SQLException {
        if (ORDER.indexOf(stored.value().lastStatus()) < ORDER.indexOf(report.status())) {
            apply(tx, stored, instance, report);
        } else if (stored.extra().containsKey(EcsStore.LOST)) {
            release(tx, stored, instance, report);
        }
    }

    /** The host of a lost task is back: once the task has ended there too, its resources are free again. */
    private void release(
            Transaction tx,
            Stored<Task> stored,
            Optional<Stored<ContainerInstance>> instance,
            SubmitTaskStateChangeRequest report)
            throws SQLException {
        if ("STOPPED".equals(report.status())) {
            store.tasks().update(tx, new InstanceConnectivity(store, clock).released(stored));
            count(tx, stored, instance, "STOPPED", "STOPPED");
        }
    }

    /**
     * Where a task runs; a host reports about its own tasks only. Agents drop a report that is refused with this error, and
     * send one again and again that is refused with another.
     */
    private Optional<Stored<ContainerInstance>> instance(Transaction tx, Call call, Stored<Task> stored)
            throws SQLException {
        Task task = stored.value();
        Optional<Stored<ContainerInstance>> instance =
                store.instances().find(tx, stored.scope(), EcsNames.name(task.containerInstanceArn()));
        String host = call.caller().userName();
        if (host.startsWith("mi-")
                && instance.filter(i -> host.equals(i.value().ec2InstanceId())).isEmpty()) {
            throw EcsErrors.invalidParameter("Task %s does not run on %s.", task.taskArn(), host);
        }
        return instance;
    }

    private void apply(
            Transaction tx,
            Stored<Task> stored,
            Optional<Stored<ContainerInstance>> instance,
            SubmitTaskStateChangeRequest report)
            throws SQLException {
        Instant now = clock.instant();
        Task task = stored.value();
        Task.Builder changed = task.toBuilder()
                .lastStatus(report.status())
                .version(task.version() + 1)
                .containers(task.containers().stream()
                        .map(c -> withReport(c, report))
                        .toList());
        if (!"PENDING".equals(report.status()) && task.startedAt() == null && ran(report)) {
            changed.startedAt(now).connectivity(Connectivity.CONNECTED).connectivityAt(now);
        }
        if ("STOPPED".equals(report.status())) {
            stop(changed, task, report, now);
            store.tasks()
                    .update(
                            tx,
                            stored.with(changed.build())
                                    .withExtra(EcsStore.EXPIRES, EcsStore.expiry(now.plus(TaskExpiry.KEPT))));
        } else {
            store.tasks().update(tx, stored.with(changed.build()));
        }
        count(tx, stored, instance, task.lastStatus(), report.status());
    }

    /** Whether anything of the task ever ran: a container that did has an exit code. */
    private static boolean ran(SubmitTaskStateChangeRequest report) {
        return "RUNNING".equals(report.status()) || report.containers().stream().anyMatch(c -> c.exitCode() != null);
    }

    private void stop(Task.Builder changed, Task task, SubmitTaskStateChangeRequest report, Instant now) {
        changed.desiredStatus("STOPPED")
                .stoppedAt(now)
                .stoppingAt(Objects.requireNonNullElse(task.stoppingAt(), now))
                .executionStoppedAt(Objects.requireNonNullElse(report.executionStoppedAt(), now));
        if (task.stopCode() != null) {
            return; // somebody asked for it, with a reason of theirs
        }
        boolean ran = task.startedAt() != null || ran(report);
        boolean hasReason = report.reason() != null && !report.reason().isEmpty();
        changed.stopCode(ran ? TaskStopCode.ESSENTIAL_CONTAINER_EXITED : TaskStopCode.TASK_FAILED_TO_START)
                .stoppedReason(
                        ran && !hasReason
                                ? "Essential container in task exited"
                                : hasReason ? report.reason() : "Task failed to start");
    }

    private static Container withReport(Container container, SubmitTaskStateChangeRequest report) {
        for (ContainerStateChange change : report.containers()) {
            if (container.name().equals(change.containerName())) {
                return container.toBuilder()
                        .lastStatus(change.status())
                        .exitCode(change.exitCode())
                        .reason(change.reason())
                        .runtimeId(change.runtimeId() == null ? container.runtimeId() : change.runtimeId())
                        .imageDigest(change.imageDigest())
                        .networkBindings(change.networkBindings().isEmpty() ? List.of() : change.networkBindings())
                        .build();
            }
        }
        return "STOPPED".equals(report.status())
                ? container.toBuilder().lastStatus("STOPPED").build()
                : container;
    }

    /** Keeps the instance's counts, and returns what a stopped task had taken. */
    private void count(
            Transaction tx, Stored<Task> stored, Optional<Stored<ContainerInstance>> found, String from, String to)
            throws SQLException {
        if (found.isEmpty()) {
            return;
        }
        ContainerInstance instance = found.get().value();
        ContainerInstance.Builder changed = instance.toBuilder()
                .pendingTasksCount(instance.pendingTasksCount() - one("PENDING", from) + one("PENDING", to))
                .runningTasksCount(instance.runningTasksCount() - one("RUNNING", from) + one("RUNNING", to));
        if ("STOPPED".equals(to)) {
            changed.remainingResources(size(tx, stored).returnedTo(instance.remainingResources()));
        }
        store.instances().update(tx, found.get().with(changed.build()));
    }

    private static int one(String wanted, String status) {
        return wanted.equals(status) ? 1 : 0;
    }

    /** What the task took when it was placed. */
    private TaskSize size(Transaction tx, Stored<Task> stored) throws SQLException {
        Task task = stored.value();
        return TaskSize.placed(
                task.cpu(), task.memory(), store.definition(tx, stored).containerDefinitions());
    }
}
