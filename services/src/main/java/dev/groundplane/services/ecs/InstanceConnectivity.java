package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Since when instances' agents are not connected, and what their tasks show of it. */
final class InstanceConnectivity {
    /** Extra of an instance whose agent is not connected: since when, in milliseconds. */
    private static final String DISCONNECTED_AT = "disconnected-at";

    /** Extra of an instance whose agent is connected: the control plane's process that it is connected to. */
    private static final String CONNECTED_TO = "connected-to";

    private final EcsStore store;
    private final InstantSource clock;

    InstanceConnectivity(EcsStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Since when an instance's agent is not connected; empty when it is, or never was. */
    static Optional<Instant> disconnectedAt(Stored<ContainerInstance> instance) {
        return Optional.ofNullable(instance.extra().get(DISCONNECTED_AT))
                .map(at -> Instant.ofEpochMilli(Long.parseLong(at)));
    }

    /** Whether an instance's agent is connected to one of these processes. */
    static boolean isConnectedTo(Stored<ContainerInstance> instance, Set<String> processes) {
        String to = instance.extra().get(CONNECTED_TO);
        return Boolean.TRUE.equals(instance.value().agentConnected()) && to != null && processes.contains(to);
    }

    /** The instance, connected to a process. */
    Stored<ContainerInstance> connected(Stored<ContainerInstance> instance, String process) {
        return changed(instance, true).withExtra(DISCONNECTED_AT, null).withExtra(CONNECTED_TO, process);
    }

    /** The instance, not connected from now on. */
    Stored<ContainerInstance> disconnected(Stored<ContainerInstance> instance) {
        return changed(instance, false)
                .withExtra(DISCONNECTED_AT, Long.toString(clock.instant().toEpochMilli()))
                .withExtra(CONNECTED_TO, null);
    }

    private static Stored<ContainerInstance> changed(Stored<ContainerInstance> instance, boolean connected) {
        return instance.with(instance.value().toBuilder()
                .agentConnected(connected)
                .version(instance.value().version() + 1)
                .build());
    }

    /** The tasks on an instance show whether anybody knows how they are. */
    void tell(Transaction tx, InstanceKey key, boolean connected) throws SQLException {
        Connectivity now = connected ? Connectivity.CONNECTED : Connectivity.DISCONNECTED;
        for (Stored<Task> task : tasks(tx, EcsStore.ACTIVE_ON, key)) {
            // Before they run they have none: the first report sets it.
            if (task.value().connectivity() != null && task.value().connectivity() != now) {
                Task changed = task.value().toBuilder()
                        .connectivity(now)
                        .connectivityAt(clock.instant())
                        .version(task.value().version() + 1)
                        .build();
                store.tasks().update(tx, task.with(changed));
            }
        }
    }

    /** An instance that is gone gives nothing back: its lost tasks are ordinary stopped ones from now on. */
    void forget(Transaction tx, Stored<ContainerInstance> instance) throws SQLException {
        for (Stored<Task> task : tasks(tx, EcsStore.LOST_ON, new InstanceKey(instance.scope(), instance.name()))) {
            store.tasks().update(tx, released(task));
        }
    }

    /** A lost task that is known not to run any more; stopped tasks are kept for an hour from then on. */
    Stored<Task> released(Stored<Task> task) {
        String expires = EcsStore.expiry(clock.instant().plus(TaskExpiry.KEPT));
        return task.withExtra(EcsStore.LOST, null).withExtra(EcsStore.EXPIRES, expires);
    }

    private List<Stored<Task>> tasks(Transaction tx, String index, InstanceKey key) throws SQLException {
        return store.tasks()
                .listByIndex(tx, key.scope(), index, key.name(), "", Resources.ALL)
                .items();
    }
}
