package dev.groundplane.server.warehouse;

import dev.groundplane.server.local.FileTree;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.BackupFile;
import dev.groundplane.services.warehouse.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Puts a backup's files in the place of a namespace's. The directories beside the namespace's tell how far a restore is:
 *
 * <pre>
 *  .part         a copy that is being made
 *  .new          the whole copy, checked
 *  .new and .old the namespace's directory has become .old, and nothing is in its place
 *  .old          the copy is the namespace's directory
 * </pre>
 */
final class RestoreFiles {
    private static final String PART = ".part";
    private static final String NEW = ".new";
    private static final String OLD = ".old";

    private final Path directory;
    private final BackupFiles backups;

    /** @param directory of all namespaces' directories */
    RestoreFiles(Path directory, BackupFiles backups) {
        this.directory = directory;
        this.backups = backups;
    }

    private Path beside(Restore restore, String suffix) {
        return directory.resolve(restore.namespaceId() + "." + restore.id() + suffix);
    }

    private Path namespace(Restore restore) {
        return directory.resolve(restore.namespaceId());
    }

    /** Whether the namespace has the backup's files. */
    boolean isSwapped(Restore restore) {
        return Files.exists(beside(restore, OLD)) && !Files.exists(beside(restore, NEW));
    }

    /**
     * Copies a backup's files, unless they are copied already.
     *
     * @throws DamagedBackup when they are not what they were
     */
    void stage(Restore restore, Backup backup) throws IOException, DamagedBackup {
        if (Files.exists(beside(restore, NEW))) {
            return;
        }
        Path part = beside(restore, PART);
        FileTree.remove(part);
        DurableFiles.makeDirectory(part);
        for (BackupFile file : backup.files()) {
            Path source = backups.of(backup.id()).resolve(file.name());
            if (!Files.exists(source)) {
                throw new DamagedBackup("%s is missing".formatted(source));
            }
            Path copy = part.resolve(file.name());
            Files.copy(source, copy);
            DurableFiles.flush(copy);
            if (!DurableFiles.sha256(copy).equals(file.sha256())) {
                throw new DamagedBackup("%s has not the content that was written".formatted(source));
            }
        }
        DurableFiles.flush(part);
        Files.move(part, beside(restore, NEW), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.flush(directory);
    }

    /** Has the namespace have the files that were copied. Nobody else may use its directory. */
    void swap(Restore restore) throws IOException {
        Path namespace = namespace(restore);
        if (Files.exists(beside(restore, OLD))) {
            // A worker that waited for its turn came between both renames, and nobody was served by it.
            FileTree.remove(namespace);
        } else {
            DurableFiles.makeDirectory(namespace); // one that nobody has used yet
            Files.move(namespace, beside(restore, OLD), StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.flush(directory);
        }
        Files.move(beside(restore, NEW), namespace, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.flush(directory);
    }

    /** Removes all that was made for a restore, and what the namespace had before. */
    void tidy(Restore restore) throws IOException {
        for (String suffix : new String[] {PART, NEW, OLD}) {
            FileTree.remove(beside(restore, suffix));
        }
    }

    /** A backup's files are not what they were. */
    static final class DamagedBackup extends Exception {
        private static final long serialVersionUID = 1L;

        DamagedBackup(String message) {
            super(message);
        }
    }
}
