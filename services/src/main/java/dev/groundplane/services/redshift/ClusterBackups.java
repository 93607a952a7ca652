package dev.groundplane.services.redshift;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.BackupOwner;
import dev.groundplane.services.warehouse.DatabasePrincipals;
import dev.groundplane.services.warehouse.NamespaceUsers;
import dev.groundplane.services.warehouse.Restore;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.Snapshot;

/** What becomes of snapshots and of clusters that are restored from them. Thread-safe. */
final class ClusterBackups implements BackupOwner {
    private final ClusterStore clusters;
    private final ClusterSnapshotStore store;
    private final DatabasePrincipals principals;
    private final Events events;
    private final InstantSource clock;

    ClusterBackups(
            ClusterStore clusters,
            ClusterSnapshotStore store,
            DatabasePrincipals principals,
            Events events,
            InstantSource clock) {
        this.clusters = clusters;
        this.store = store;
        this.principals = principals;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Warehouse.Kind kind() {
        return Warehouse.Kind.CLUSTER;
    }

    @Override
    public void onChange(Runnable action) {
        events.subscribe(ClusterSnapshotStore.SNAPSHOT, change -> action.run());
    }

    @Override
    public Optional<NamespaceUsers> users(Scope scope, Backup backup) {
        return clusters.database().write(tx -> {
            Optional<Stored<Cluster>> cluster = clusters.ofNamespace(tx, scope, backup.namespaceId());
            return cluster.isEmpty() ? Optional.empty() : Optional.of(users(tx, principals, cluster.get()));
        });
    }

    /** The users of a cluster as they are now. */
    static NamespaceUsers users(Transaction tx, DatabasePrincipals principals, Stored<Cluster> cluster)
            throws SQLException {
        return principals.copy(
                tx,
                cluster.scope(),
                ClusterStore.namespaceId(cluster.value()),
                cluster.value().masterUsername(),
                cluster.extra().getOrDefault(ClusterStore.VERIFIER, ""));
    }

    @Override
    public boolean isNeeded(Transaction tx, Scope scope, Backup backup) throws SQLException {
        return store.of(tx, scope, backup.id()).isPresent();
    }

    @Override
    public void completed(Transaction tx, Scope scope, Backup backup) throws SQLException {
        change(tx, scope, backup, snapshot -> {
            Duration elapsed = Duration.between(snapshot.snapshotCreateTime(), clock.instant());
            return snapshot.toBuilder()
                    .status(ClusterSnapshots.AVAILABLE)
                    .totalBackupSizeInMegaBytes(backup.megabytes())
                    .actualIncrementalBackupSizeInMegaBytes(backup.megabytes())
                    .backupProgressInMegaBytes(backup.megabytes())
                    .elapsedTimeInSeconds(Math.max(0, elapsed.toSeconds()))
                    .estimatedSecondsToCompletion(0L)
                    .build();
        });
        goOn(tx, scope, backup);
    }

    @Override
    public void failed(Transaction tx, Scope scope, Backup backup) throws SQLException {
        change(
                tx,
                scope,
                backup,
                snapshot -> snapshot.toBuilder().status(ClusterSnapshots.FAILED).build());
    }

    /** A cluster that waits for its last snapshot goes. */
    private void goOn(Transaction tx, Scope scope, Backup backup) throws SQLException {
        Optional<Stored<Cluster>> waiting = clusters.ofNamespace(tx, scope, backup.namespaceId())
                .filter(found -> ClusterStatus.of(found.value()) == ClusterStatus.FINAL_SNAPSHOT);
        if (waiting.isPresent()) {
            Cluster going =
                    ClusterStatus.DELETING.on(waiting.get().value().toBuilder()).build();
            clusters.clusters().update(tx, waiting.get().with(going));
        }
    }

    private void change(Transaction tx, Scope scope, Backup backup, UnaryOperator<Snapshot> change)
            throws SQLException {
        Optional<Stored<Snapshot>> stored = store.of(tx, scope, backup.id());
        if (stored.isPresent()) {
            store.snapshots()
                    .update(tx, stored.get().with(change.apply(stored.get().value())));
        }
    }

    @Override
    public void expire() {
        WarehouseStore.removeExpired(clusters.database(), store.snapshots(), clock.instant());
    }

    /** Does nothing: the cluster was made with the snapshot's administrator and database. */
    @Override
    public void restored(Transaction tx, Scope scope, Restore restore, Backup backup, NamespaceUsers users) {}

    @Override
    public void ended(Transaction tx, Scope scope, Restore restore) throws SQLException {
        Stored<Cluster> cluster = clusters.require(tx, scope, restore.namespace());
        boolean restored = restore.state() == Restore.State.DONE;
        clusters.clusters().update(tx, cluster.with(ClusterRestoration.ended(cluster.value(), restored)));
    }
}
