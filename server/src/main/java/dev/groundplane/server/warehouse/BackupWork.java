package dev.groundplane.server.warehouse;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.BackupFile;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.NamespaceUsers;
import dev.groundplane.services.warehouse.Restore;
import dev.groundplane.services.warehouse.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the backups that are wanted, removes those that are not, and restores namespaces. Each step can be broken off at any moment
 * and is taken again. Thread-safe.
 */
final class BackupWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupWork.class);
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final String ALL = "all";

    private final Backups wanted;
    private final BackupFiles files;
    private final RestoreFiles restoreFiles;
    private final Workers workers;
    private final BiConsumer<Warehouse, String> pointWanted;
    private final Reconciler<Backups.Key> backups =
            new Reconciler<>("warehouse-backups", key -> checked(() -> backup(key)));
    private final Reconciler<Backups.Key> restores =
            new Reconciler<>("warehouse-restores", key -> checked(() -> restore(key)));
    private final Reconciler<String> sweeps = new Reconciler<>("warehouse-backup-sweep", key -> sweep());
    private final Reconciler<String> points =
            new Reconciler<>("warehouse-recovery-points", key -> checked(this::wantRecoveryPoints));

    /** @param pointWanted takes a workgroup and what its namespace's files look like, from time to time */
    BackupWork(
            Backups wanted,
            BackupFiles files,
            RestoreFiles restoreFiles,
            Workers workers,
            BiConsumer<Warehouse, String> pointWanted) {
        this.wanted = wanted;
        this.pointWanted = pointWanted;
        this.files = files;
        this.restoreFiles = restoreFiles;
        this.workers = workers;
    }

    /** Goes on with what is unfinished, and follows what is wanted. */
    void start() {
        wanted.onChange(backups::enqueue, restores::enqueue, () -> sweeps.enqueue(ALL));
        checked(this::removeUnwanted);
        wanted.all().forEach(backups::enqueue);
        wanted.restores().forEach(restores::enqueue);
        sweeps.enqueue(ALL);
        points.enqueueAfter(ALL, EVERY);
    }

    private interface Step {
        void take() throws IOException;
    }

    private static void checked(Step step) {
        try {
            step.take();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what nobody was told of who was to remove it. What is there first, since a backup is wanted before it is there. */
    private void removeUnwanted() throws IOException {
        Set<String> present = new HashSet<>(files.present());
        wanted.all().forEach(key -> present.remove(key.name()));
        for (String id : present) {
            files.remove(id);
        }
    }

    /** Makes or removes a backup. */
    private void backup(Backups.Key key) throws IOException {
        Optional<Backup> found = wanted.find(key);
        if (found.isEmpty()) {
            files.remove(key.name());
        } else if (found.get().state() == Backup.State.WANTED) {
            make(key.scope(), found.get());
        }
    }

    private void make(Scope scope, Backup backup) throws IOException {
        Optional<NamespaceUsers> users = wanted.users(scope, backup);
        if (users.isEmpty()) {
            LOG.error("backup {} cannot be made: the namespace {} is gone", backup.id(), backup.namespace());
            wanted.failed(scope, backup);
        } else if (backup.source() != null) {
            Backup source = require(scope, backup.source());
            wanted.completed(scope, backup.whole(files.share(source, backup.id()), source.seen(), users.get()));
        } else {
            copy(scope, backup, users.get());
        }
    }

    private Backup require(Scope scope, String id) {
        return wanted.find(new Backups.Key(scope, id))
                .orElseThrow(() -> new IllegalStateException("backup %s is gone, and still needed".formatted(id)));
    }

    private void copy(Scope scope, Backup backup, NamespaceUsers users) throws IOException {
        if (backup.users()
                != null) { // the last one of what is to be gone: sessions end first, so it has all that they commit
            workers.refresh();
        }
        String look;
        try (Workers.Stillness still = workers.still(backup.namespaceId())) {
            look = files.look(backup.namespaceId());
            files.copy(backup.namespaceId(), still.databases(), backup.id());
        }
        List<BackupFile> copied = files.finish(backup.id());
        // What somebody owns or was granted is in the files, who it is is not.
        if (!wanted.users(scope, backup).equals(Optional.of(users))) {
            throw new IOException(
                    "users of namespace %s were changed while it was copied".formatted(backup.namespace()));
        }
        wanted.completed(scope, backup.whole(copied, look, users));
        LOG.info("backup {} of namespace {} is whole", backup.id(), backup.namespace());
    }

    /** Has a namespace have a backup's content. */
    private void restore(Backups.Key key) throws IOException {
        Optional<Restore> found = wanted.restore(key);
        if (found.isEmpty()) {
            return;
        }
        Restore restore = found.get();
        if (restore.state() == Restore.State.WANTED && !replace(key.scope(), restore)) {
            return;
        }
        workers.refresh();
        restoreFiles.tidy(restore);
        wanted.ended(key.scope(), restore);
        LOG.info("namespace {} is as backup {} has it", restore.namespace(), restore.backup());
    }

    /** False when the backup is damaged and the namespace stays as it was. */
    private boolean replace(Scope scope, Restore restore) throws IOException {
        Backup backup = require(scope, restore.backup());
        if (!restoreFiles.isSwapped(restore)) {
            try {
                restoreFiles.stage(restore, backup);
            } catch (RestoreFiles.DamagedBackup e) {
                LOG.error("namespace {} stays as it was: a backup is damaged", restore.namespace(), e);
                wanted.failed(scope, backup);
                restoreFiles.tidy(restore);
                wanted.ended(scope, restore);
                return false;
            }
            workers.end(restore.namespaceId());
            try (var _ = workers.exclude(restore.namespaceId())) {
                restoreFiles.swap(restore);
            }
        }
        wanted.restored(scope, restore, backup);
        return true;
    }

    private void sweep() {
        wanted.sweep();
        sweeps.enqueueAfter(ALL, EVERY);
    }

    private void wantRecoveryPoints() throws IOException {
        points.enqueueAfter(ALL, EVERY);
        for (Warehouse warehouse : workers.warehouses()) {
            String look = files.look(warehouse.namespaceId());
            if (look.isEmpty()) {
                continue;
            }
            if (files.hasRoomFor(warehouse.namespaceId())) {
                pointWanted.accept(warehouse, look);
            } else {
                LOG.warn(
                        "namespace {} gets no recovery point: the disk has less than twice its size free",
                        warehouse.namespace());
            }
        }
    }

    @Override
    public void close() {
        backups.close();
        restores.close();
        sweeps.close();
        points.close();
    }
}
