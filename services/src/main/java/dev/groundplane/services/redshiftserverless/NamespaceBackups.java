package dev.groundplane.services.redshiftserverless;

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
import java.sql.SQLException;
import java.util.Optional;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.SnapshotStatus;

/** What becomes of snapshots, recovery points and restored namespaces. Thread-safe. */
final class NamespaceBackups implements BackupOwner {
    private final RedshiftStore store;
    private final SnapshotStore backups;
    private final DatabasePrincipals principals;
    private final Snapshots snapshots;
    private final RecoveryPoints points;
    private final Events events;

    NamespaceBackups(
            RedshiftStore store,
            SnapshotStore backups,
            DatabasePrincipals principals,
            Snapshots snapshots,
            RecoveryPoints points,
            Events events) {
        this.store = store;
        this.backups = backups;
        this.principals = principals;
        this.snapshots = snapshots;
        this.points = points;
        this.events = events;
    }

    @Override
    public Warehouse.Kind kind() {
        return Warehouse.Kind.WORKGROUP;
    }

    @Override
    public void onChange(Runnable action) {
        events.subscribe(SnapshotStore.SNAPSHOT, change -> action.run());
        events.subscribe(SnapshotStore.POINT, change -> action.run());
    }

    @Override
    public Optional<NamespaceUsers> users(Scope scope, Backup backup) {
        return store.namespaces()
                .find(scope, backup.namespace())
                .filter(namespace -> namespace.value().namespaceId().equals(backup.namespaceId()))
                .map(namespace -> store.database()
                        .write(tx -> principals.copy(
                                tx,
                                scope,
                                backup.namespaceId(),
                                namespace.value().adminUsername(),
                                namespace.extra().getOrDefault(RedshiftStore.VERIFIER, ""))));
    }

    @Override
    public boolean isNeeded(Transaction tx, Scope scope, Backup backup) throws SQLException {
        boolean coming = backup.workgroup() != null && backup.state() == Backup.State.WANTED;
        return coming
                || backups.points().find(tx, scope, backup.id()).isPresent()
                || backups.snapshotOf(tx, scope, backup.id()).isPresent();
    }

    @Override
    public void completed(Transaction tx, Scope scope, Backup backup) throws SQLException {
        Optional<Stored<Snapshot>> snapshot = backups.snapshotOf(tx, scope, backup.id());
        if (snapshot.isPresent()) {
            backups.snapshots()
                    .update(
                            tx,
                            snapshot.get()
                                    .with(snapshots.available(snapshot.get().value(), backup)));
        } else if (backup.workgroup() != null) {
            points.made(tx, scope, backup);
        }
    }

    @Override
    public void failed(Transaction tx, Scope scope, Backup backup) throws SQLException {
        Optional<Stored<Snapshot>> snapshot = backups.snapshotOf(tx, scope, backup.id());
        if (snapshot.isPresent()) {
            Snapshot changed = snapshot.get().value().toBuilder()
                    .status(SnapshotStatus.FAILED)
                    .build();
            backups.snapshots().update(tx, snapshot.get().with(changed));
        }
    }

    @Override
    public void expire() {
        snapshots.sweep();
        points.sweep();
    }

    @Override
    public void restored(Transaction tx, Scope scope, Restore restore, Backup backup, NamespaceUsers users)
            throws SQLException {
        Stored<Namespace> namespace = store.requireNamespace(tx, scope, restore.namespace());
        Namespace changed = namespace.value().toBuilder()
                .adminUsername(users.administrator())
                .dbName(backup.database())
                .build();
        store.namespaces()
                .update(
                        tx,
                        namespace
                                .with(changed)
                                .withExtra(
                                        RedshiftStore.VERIFIER, users.verifier().isEmpty() ? null : users.verifier()));
    }

    @Override
    public void ended(Transaction tx, Scope scope, Restore restore) throws SQLException {
        Stored<Namespace> namespace = store.requireNamespace(tx, scope, restore.namespace());
        Namespace changed =
                namespace.value().toBuilder().status(NamespaceStatus.AVAILABLE).build();
        store.namespaces().update(tx, namespace.with(changed));
    }
}
