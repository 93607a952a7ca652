package dev.groundplane.server.warehouse;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.services.redshiftserverless.Backup;
import dev.groundplane.services.redshiftserverless.BackupFile;
import dev.groundplane.services.redshiftserverless.Backups;
import dev.groundplane.services.redshiftserverless.Restore;
import dev.groundplane.services.warehouse.NamespaceUsers;
import dev.groundplane.services.warehouse.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private final Reconciler<String> backups = new Reconciler<>("warehouse-backups", id -> checked(() -> backup(id)));
    private final Reconciler<String> restores =
            new Reconciler<>("warehouse-restores", id -> checked(() -> restore(id)));
    private final Reconciler<String> sweeps = new Reconciler<>("warehouse-backup-sweep", key -> sweep());
    private final Reconciler<String> points =
            new Reconciler<>("warehouse-recovery-points", key -> checked(this::wantRecoveryPoints));

    BackupWork(Backups wanted, BackupFiles files, RestoreFiles restoreFiles, Workers workers) {
        this.wanted = wanted;
        this.files = files;
        this.restoreFiles = restoreFiles;
        this.workers = workers;
    }

    /** Goes on with what is unfinished, and follows what is wanted. */
    void start() {
        wanted.onChange(backups::enqueue, restores::enqueue, () -> sweeps.enqueue(ALL));
        wanted.all().forEach(backup -> backups.enqueue(backup.id()));
        checked(() -> files.present().forEach(backups::enqueue));
        wanted.restores().forEach(restore -> restores.enqueue(restore.namespaceId()));
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

    /** Makes or removes a backup. */
    private void backup(String id) throws IOException {
        Optional<Backup> found = wanted.find(id);
        if (found.isEmpty()) {
            files.remove(id);
        } else if (found.get().state() == Backup.State.WANTED) {
            make(found.get());
        }
    }

    private void make(Backup backup) throws IOException {
        Optional<NamespaceUsers> users = wanted.users(backup);
        if (users.isEmpty()) {
            LOG.error("backup {} cannot be made: the namespace {} is gone", backup.id(), backup.namespace());
            wanted.failed(backup);
        } else if (backup.source() != null) {
            Backup source = wanted.find(backup.source())
                    .orElseThrow(
                            () -> new IllegalStateException("the source of backup %s is gone".formatted(backup.id())));
            wanted.completed(backup.whole(files.share(source, backup.id()), source.seen(), users.get()));
        } else {
            copy(backup, users.get());
        }
    }

    private void copy(Backup backup, NamespaceUsers users) throws IOException {
        String look;
        List<BackupFile> copied;
        try (Workers.Stillness still = workers.still(backup.namespaceId())) {
            look = files.look(backup.namespaceId());
            copied = files.copy(backup.namespaceId(), still.databases(), backup.id());
        }
        // What somebody owns or was granted is in the files, who it is is not.
        if (!wanted.users(backup).equals(Optional.of(users))) {
            throw new IOException(
                    "users of namespace %s were changed while it was copied".formatted(backup.namespace()));
        }
        wanted.completed(backup.whole(copied, look, users));
        LOG.info("backup {} of namespace {} is whole", backup.id(), backup.namespace());
    }

    /** Has a namespace have a backup's content. */
    private void restore(String namespaceId) throws IOException {
        Optional<Restore> found = wanted.restore(namespaceId);
        if (found.isEmpty()) {
            return;
        }
        Restore restore = found.get();
        if (restore.state() == Restore.State.WANTED && !replace(restore)) {
            return;
        }
        workers.refresh();
        restoreFiles.tidy(restore);
        wanted.ended(restore);
        LOG.info("namespace {} is as backup {} has it", restore.namespace(), restore.backup());
    }

    /** False when the backup is damaged and the namespace stays as it was. */
    private boolean replace(Restore restore) throws IOException {
        Backup backup = wanted.find(restore.backup())
                .orElseThrow(() -> new IllegalStateException(
                        "the backup that namespace %s is restored from is gone".formatted(restore.namespace())));
        if (!restoreFiles.isSwapped(restore)) {
            try {
                restoreFiles.stage(restore, backup);
            } catch (RestoreFiles.DamagedBackup e) {
                LOG.error("namespace {} stays as it was: a backup is damaged", restore.namespace(), e);
                wanted.failed(backup);
                restoreFiles.tidy(restore);
                wanted.ended(restore);
                return false;
            }
            workers.end(restore.namespaceId());
            try (var _ = workers.exclude(restore.namespaceId())) {
                restoreFiles.swap(restore);
            }
        }
        wanted.restored(restore, backup);
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
                wanted.wantRecoveryPoint(warehouse, look);
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
