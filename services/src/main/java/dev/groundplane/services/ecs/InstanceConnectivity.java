package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Since when instances' agents are not connected, and what their tasks show of it. */
final class InstanceConnectivity {
    /** Extra of an instance whose agent is not connected: since when, in milliseconds. */
    private static final String DISCONNECTED_AT = "disconnected-at";

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

    /** The instance with the time of this change. */
    Stored<ContainerInstance> marked(Stored<ContainerInstance> instance, boolean connected) {
        return instance.withExtra(
                DISCONNECTED_AT,
                connected ? null : Long.toString(clock.instant().toEpochMilli()));
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
