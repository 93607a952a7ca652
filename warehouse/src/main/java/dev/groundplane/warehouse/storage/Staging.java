package dev.groundplane.warehouse.storage;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The directory in which files of S3 lie while the engine reads or writes them: nowhere else may it. What one statement has there
 * goes with it, and what is left of a process that was killed goes with the next one's start. Thread-safe.
 */
public final class Staging {
    private static final int NAME_BYTES = 16;

    private final Path directory;
    private final long capacityBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final SecureRandom random = new SecureRandom();

    /**
     * Empties the directory.
     *
     * @param capacityBytes for all statements together
     */
    public Staging(Path directory, long capacityBytes) throws IOException {
        this.directory = directory;
        this.capacityBytes = capacityBytes;
        delete(directory);
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** How much all statements may have there together. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /** A part of it for one statement, under a name that nobody can guess: no other statement finds the files. */
    public Area open() {
        var name = new byte[NAME_BYTES];
        random.nextBytes(name);
        try {
            return new Area(
                    Files.createDirectory(directory.resolve(HexFormat.of().formatHex(name))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That a statement needs more room than there is. */
    public SqlFailure full() {
        return SqlFailure.of(
                SqlState.DISK_FULL,
                "the files of this statement do not fit into the %d MiB for staging".formatted(capacityBytes >> 20),
                "Use smaller files, or give the workgroup a higher base capacity.");
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (var walk = Files.walk(tree)) {
            for (var path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** What one statement has in the staging directory. Thread-safe. */
    public final class Area implements AutoCloseable {
        private final Path path;
        private long reservedBytes;
        private boolean closed;

        private Area(Path path) {
            this.path = path;
        }

        /** A file or directory of this name; nothing is made. */
        public Path resolve(String name) {
            return path.resolve(name);
        }

        /**
         * Makes a file of this name. The caller closes it.
         *
         * @throws IOException when the area was closed, too
         */
        public synchronized OutputStream create(Path file) throws IOException {
            requireOpen();
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        /** What is still under way when its statement has ended leaves nothing behind. */
        private void requireOpen() throws IOException {
            if (closed) {
                throw new IOException("the statement has ended");
            }
        }

        /**
         * Takes room for bytes that are about to be written.
         *
         * @throws SqlFailure when there is none left
         * @throws IOException when the area was closed
         */
        public synchronized void reserve(long bytes) throws IOException {
            requireOpen();
            if (usedBytes.addAndGet(bytes) > capacityBytes) {
                usedBytes.addAndGet(-bytes);
                throw full();
            }
            reservedBytes += bytes;
        }

        /** Deletes a file and gives its room back. */
        public synchronized void remove(Path file) throws IOException {
            var bytes = Files.size(file);
            Files.delete(file);
            usedBytes.addAndGet(-bytes);
            reservedBytes -= bytes;
        }

        @Override
        public synchronized void close() {
            closed = true;
            try {
                delete(path);
            } catch (IOException e) {
                throw new UncheckedIOException("files of a statement cannot be deleted", e);
            } finally {
                usedBytes.addAndGet(-reservedBytes);
                reservedBytes = 0;
            }
        }
    }
}
