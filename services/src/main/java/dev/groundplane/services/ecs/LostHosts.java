package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Gives up on hosts whose agents have been away for too long: the tasks of services that ran there count as STOPPED, so that
 * they are replaced elsewhere. They may well run on over there, so what they took from the host is not given back; when its
 * agent returns, {@link TaskDelivery} tells it to stop them, and its report gives it back. Tasks of RunTask stay as they
 * are: they must never run twice.
 *
 * <p>The time that counts is the time that this process has been without the agent: a control plane that was away itself
 * knows nothing about its hosts. Of several control planes, the one that leads gives up on hosts.
 */
final class LostHosts implements AutoCloseable {
    /** For how long an agent may be away, if nobody says otherwise. */
    static final Duration AFTER = Duration.ofMinutes(5);

    private final EcsStore store;
    private final InstantSource clock;
    private final Duration after;
    private final Instant begun;
    private final Reconciler<InstanceKey> reconciler = new Reconciler<>("lost-hosts", this::reconcile);

    /** @param after for how long an agent may be away */
    LostHosts(EcsStore store, Events events, InstantSource clock, Duration after) {
        this.store = store;
        this.clock = clock;
        this.after = after;
        this.begun = clock.instant();
        events.subscribe(EcsStore.INSTANCE_TYPE, change -> reconciler.enqueue(InstanceKey.of(change)));
    }

    /** Begins to wait for every instance. */
    void start() {
        for (Stored<ContainerInstance> instance : store.instances().all()) {
            reconciler.enqueue(new InstanceKey(instance.scope(), instance.name()));
        }
    }

    private void reconcile(InstanceKey key) {
        if (!store.leads()) {
            return;
        }
        check(key).ifPresent(pause -> reconciler.enqueueAfter(key, pause.plusMillis(1)));
    }

    /**
     * Gives up on the host if its agent has been away for too long.
     *
     * @return when to look again; empty when a change is all there is to wait for
     */
    Optional<Duration> check(InstanceKey key) {
        Optional<Stored<ContainerInstance>> found = store.instances().find(key.scope(), key.name());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> since = away(found.get());
        if (since.isEmpty()) {
            return Optional.empty();
        }
        Instant counted = since.get().isBefore(begun) ? begun : since.get();
        Duration left = Duration.between(clock.instant(), counted.plus(after));
        if (left.isPositive()) {
            return Optional.of(left);
        }
        store.database().write(tx -> giveUp(tx, key));
        return Optional.empty();
    }

    private static Optional<Instant> away(Stored<ContainerInstance> instance) {
        return Boolean.TRUE.equals(instance.value().agentConnected())
                        || ContainerInstances.INACTIVE.equals(instance.value().status())
                ? Optional.empty()
                : InstanceConnectivity.disconnectedAt(instance);
    }

    private int giveUp(Transaction tx, InstanceKey key) throws SQLException {
        Stored<ContainerInstance> instance =
                store.instances().find(tx, key.scope(), key.name()).orElseThrow();
        Optional<Instant> since = away(instance); // it may have come back in between
        int pending = 0;
        int running = 0;
        for (Stored<Task> task : store.tasks()
                .listByIndex(tx, key.scope(), EcsStore.ACTIVE_ON, key.name(), "", Resources.ALL)
                .items()) {
            if (since.isPresent() && task.extra().containsKey(EcsStore.SERVICE)) {
                pending += "PENDING".equals(task.value().lastStatus()) ? 1 : 0;
                running += "RUNNING".equals(task.value().lastStatus()) ? 1 : 0;
                store.tasks().update(tx, lost(task, instance.value(), since.get()));
            }
        }
        if (pending + running > 0) {
            ContainerInstance changed = instance.value().toBuilder()
                    .pendingTasksCount(instance.value().pendingTasksCount() - pending)
                    .runningTasksCount(instance.value().runningTasksCount() - running)
                    .build();
            store.instances().update(tx, instance.with(changed));
        }
        return pending + running;
    }

    private Stored<Task> lost(Stored<Task> stored, ContainerInstance instance, Instant since) {
        Task task = stored.value();
        String host = Objects.requireNonNullElse(instance.ec2InstanceId(), "without an id");
        Task stopped = task.toBuilder()
                .lastStatus("STOPPED")
                .desiredStatus("STOPPED")
                .stopCode(TaskStopCode.SERVICE_SCHEDULER_INITIATED)
                .stoppedReason("Host %s (container instance %s) was lost: its agent has been disconnected since %s"
                        .formatted(host, Arns.lastPart(instance.containerInstanceArn()), since))
                .stoppingAt(Objects.requireNonNullElse(task.stoppingAt(), clock.instant()))
                .stoppedAt(clock.instant())
                .version(task.version() + 1)
                .build();
        return stored.with(stopped).withExtra(EcsStore.LOST, "true");
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
