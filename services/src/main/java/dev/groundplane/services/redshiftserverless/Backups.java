package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.NamespaceUsers;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.SnapshotStatus;

/**
 * What is wanted of whoever has the files of namespaces: backups to make or to remove, and namespaces to restore; and what became of
 * it. Every step may be taken again. Thread-safe.
 */
public final class Backups {
    private static final double MEGABYTE = 1024 * 1024;

    private final RedshiftStore store;
    private final BackupStore backups;
    private final WarehouseFoundation foundation;
    private final Snapshots snapshots;
    private final RecoveryPoints points;
    private final Events events;
    private final InstantSource clock;

    Backups(
            RedshiftStore store,
            BackupStore backups,
            WarehouseFoundation foundation,
            Snapshots snapshots,
            RecoveryPoints points,
            Events events,
            InstantSource clock) {
        this.store = store;
        this.backups = backups;
        this.foundation = foundation;
        this.snapshots = snapshots;
        this.points = points;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Has something done, on another thread, whenever something else is wanted.
     *
     * @param backup takes the id of a backup that was made, changed or removed
     * @param restore takes the id of a namespace that is to be restored, or was
     * @param sweep run when {@link #sweep} may find something
     */
    public void onChange(Consumer<String> backup, Consumer<String> restore, Runnable sweep) {
        events.subscribe(BackupStore.BACKUP, change -> backup.accept(change.name()));
        events.subscribe(BackupStore.RESTORE, change -> {
            restore.accept(change.name());
            sweep.run();
        });
        events.subscribe(BackupStore.SNAPSHOT, change -> sweep.run());
        events.subscribe(BackupStore.POINT, change -> sweep.run());
    }

    /** All backups, of every account, also those that are wanted. */
    public List<Backup> all() {
        return backups.backups().all().stream().map(Stored::value).toList();
    }

    /** A backup, if it is there and not yet removed. */
    public Optional<Backup> find(String id) {
        return stored(id).map(Stored::value);
    }

    private Optional<Stored<Backup>> stored(String id) {
        return backups.backups().all().stream()
                .filter(backup -> backup.name().equals(id))
                .findFirst();
    }

    /** The users that a backup has, or if it is not whole those that its namespace has now; nothing when that is gone. */
    public Optional<NamespaceUsers> users(Backup backup) {
        if (backup.users() != null) {
            return Optional.of(backup.users());
        }
        return stored(backup.id())
                .flatMap(stored -> store.namespaces().find(stored.scope(), backup.namespace()))
                .filter(namespace -> namespace.value().namespaceId().equals(backup.namespaceId()))
                .map(namespace -> store.database()
                        .write(tx -> foundation
                                .principals()
                                .copy(
                                        tx,
                                        namespace.scope(),
                                        backup.namespaceId(),
                                        namespace.value().adminUsername(),
                                        namespace.extra().getOrDefault(RedshiftStore.VERIFIER, ""))));
    }

    /** A backup's files are durable. Without effect when it is not wanted any more. */
    public void completed(Backup whole) {
        change(whole.id(), (tx, stored) -> {
            backups.backups().update(tx, stored.with(whole));
            Optional<Stored<Snapshot>> snapshot = backups.snapshotOf(tx, stored.scope(), whole.id());
            if (snapshot.isPresent()) {
                backups.snapshots()
                        .update(tx, snapshot.get().with(available(snapshot.get().value(), whole)));
            } else if (whole.workgroup() != null) {
                backups.points()
                        .insert(
                                tx,
                                stored.scope(),
                                whole.id(),
                                RecoveryPoints.of(stored.scope(), whole),
                                RecoveryPoints.end(whole));
            }
        });
    }

    private Snapshot available(Snapshot snapshot, Backup whole) {
        Duration elapsed = Duration.between(snapshot.snapshotCreateTime(), clock.instant());
        return snapshot.toBuilder()
                .status(SnapshotStatus.AVAILABLE)
                .totalBackupSizeInMegaBytes(megabytes(whole))
                .actualIncrementalBackupSizeInMegaBytes(megabytes(whole))
                .backupProgressInMegaBytes(megabytes(whole))
                .elapsedTimeInSeconds(Math.max(0, elapsed.toSeconds()))
                .estimatedSecondsToCompletion(0L)
                .build();
    }

    static double megabytes(Backup backup) {
        return backup.sizeBytes() / MEGABYTE;
    }

    /** A backup cannot be made, or is damaged: nothing can be restored from it any more. */
    public void failed(Backup backup) {
        change(backup.id(), (tx, stored) -> fail(tx, stored));
    }

    private void fail(Transaction tx, Stored<Backup> stored) throws SQLException {
        backups.backups().update(tx, stored.with(stored.value().failed()));
        Optional<Stored<Snapshot>> snapshot = backups.snapshotOf(tx, stored.scope(), stored.name());
        if (snapshot.isPresent()) {
            Snapshot changed = snapshot.get().value().toBuilder()
                    .status(SnapshotStatus.FAILED)
                    .build();
            backups.snapshots().update(tx, snapshot.get().with(changed));
        }
    }

    private interface Change {
        void make(Transaction tx, Stored<Backup> stored) throws SQLException;
    }

    private void change(String id, Change change) {
        Optional<Scope> scope = stored(id).map(Stored::scope);
        if (scope.isEmpty()) {
            return;
        }
        store.database().write(tx -> {
            Optional<Stored<Backup>> stored = backups.backups().find(tx, scope.get(), id);
            if (stored.isPresent()) {
                change.make(tx, stored.get());
            }
            return true;
        });
    }

    /**
     * Wants a recovery point of a namespace if it is time for one and something has changed.
     *
     * @param look what its files look like now
     */
    public void wantRecoveryPoint(Warehouse warehouse, String look) {
        points.want(warehouse, look);
    }

    /** Removes snapshots and recovery points whose time is over, and then backups that nothing needs. */
    public void sweep() {
        snapshots.sweep();
        points.sweep();
        for (Stored<Backup> one : backups.backups().all()) {
            store.database()
                    .write(tx -> !isNeeded(tx, one) && backups.backups().deleteIfPresent(tx, one.scope(), one.name()));
        }
    }

    private boolean isNeeded(Transaction tx, Stored<Backup> backup) throws SQLException {
        return isOwned(tx, backup)
                || backups.restores().list(tx, backup.scope(), "", "", Resources.ALL).items().stream()
                        .anyMatch(restore -> restore.value().backup().equals(backup.name()))
                || backups.backups().list(tx, backup.scope(), "", "", Resources.ALL).items().stream()
                        .map(Stored::value)
                        .anyMatch(copy -> backup.name().equals(copy.source()) && copy.state() == Backup.State.WANTED);
    }

    private boolean isOwned(Transaction tx, Stored<Backup> backup) throws SQLException {
        boolean coming = backup.value().workgroup() != null && backup.value().state() == Backup.State.WANTED;
        return coming
                || backups.points().find(tx, backup.scope(), backup.name()).isPresent()
                || backups.snapshotOf(tx, backup.scope(), backup.name()).isPresent();
    }

    /** The restore of a namespace that is wanted or not yet tidied up. */
    public Optional<Restore> restore(String namespaceId) {
        return storedRestore(namespaceId).map(Stored::value);
    }

    /** All restores, of every account. */
    public List<Restore> restores() {
        return backups.restores().all().stream().map(Stored::value).toList();
    }

    private Optional<Stored<Restore>> storedRestore(String namespaceId) {
        return backups.restores().all().stream()
                .filter(restore -> restore.name().equals(namespaceId))
                .findFirst();
    }

    /** A namespace's files are the backup's now: so are its users, its administrator and its first database. */
    public void restored(Restore restore, Backup backup) {
        NamespaceUsers users = backup.users();
        Optional<Stored<Restore>> wanted = storedRestore(restore.namespaceId());
        if (wanted.isEmpty() || users == null) {
            return;
        }
        Scope scope = wanted.get().scope();
        store.database().write(tx -> {
            Stored<Namespace> namespace = store.requireNamespace(tx, scope, restore.namespace());
            foundation.principals().replace(tx, scope, restore.namespaceId(), users);
            foundation.passwords().removeAll(tx, scope, restore.namespaceId());
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
                                            RedshiftStore.VERIFIER,
                                            users.verifier().isEmpty() ? null : users.verifier()));
            Stored<Restore> stored = requireRestore(tx, scope, restore);
            backups.restores().update(tx, stored.with(stored.value().done()));
            return true;
        });
    }

    /** A restore is over: the namespace can be used, as the backup has it, or as it was when it could not be restored. */
    public void ended(Restore restore) {
        Optional<Stored<Restore>> wanted = storedRestore(restore.namespaceId());
        if (wanted.isEmpty()) {
            return;
        }
        Scope scope = wanted.get().scope();
        store.database().write(tx -> {
            Stored<Namespace> namespace = store.requireNamespace(tx, scope, restore.namespace());
            Namespace changed = namespace.value().toBuilder()
                    .status(NamespaceStatus.AVAILABLE)
                    .build();
            store.namespaces().update(tx, namespace.with(changed));
            backups.restores().delete(tx, requireRestore(tx, scope, restore));
            return true;
        });
    }

    private Stored<Restore> requireRestore(Transaction tx, Scope scope, Restore restore) throws SQLException {
        return backups.restores()
                .find(tx, scope, restore.namespaceId())
                .orElseThrow(() -> new IllegalStateException(
                        "two have ended the restore of namespace %s".formatted(restore.namespace())));
    }
}
