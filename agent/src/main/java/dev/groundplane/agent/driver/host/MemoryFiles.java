package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Files that must not reach a disk: they lie in a memory file system, readable by their owner only, and where a plain file
 * would be stands a symbolic link. Each is in a directory of a random name, which nobody can have made before.
 */
final class MemoryFiles {
    private static final List<Path> PLACES = List.of(Path.of("/dev/shm"), Path.of("/run"));
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
    private static final String PREFIX = "groundplane-";

    private MemoryFiles() {}

    /**
     * Replaces a file. After a crash in between there may be a link without a file, never a file without a link.
     *
     * @throws StartFailure when this host has no memory file system
     */
    static void replace(Path link, String text) throws StartFailure, IOException {
        delete(link);
        var directory = Files.createTempDirectory(
                place(), PREFIX, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var file = directory.resolve("file");
        var temporary = link.resolveSibling(link.getFileName() + ".link");
        Files.deleteIfExists(temporary);
        Files.createSymbolicLink(temporary, file);
        Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static Path place() throws StartFailure, IOException {
        for (var place : PLACES) {
            if (Files.isWritable(place)
                    && IN_MEMORY.contains(Files.getFileStore(place).type())) {
                return place;
            }
        }
        throw new StartFailure(
                "the task has secrets, which are never written to a disk, but none of %s is a memory file"
                                .formatted(PLACES)
                        + " system (tmpfs) that the agent may write to; mount one");
    }

    /** Deletes what {@link #replace} made; leaves a plain file as it is. Idempotent. */
    static void delete(Path link) throws IOException {
        if (!Files.isSymbolicLink(link)) {
            return;
        }
        var file = Files.readSymbolicLink(link);
        Files.deleteIfExists(file);
        var directory = file.getParent();
        if (directory != null && directory.getFileName().toString().startsWith(PREFIX)) {
            try {
                Files.deleteIfExists(directory);
            } catch (NoSuchFileException gone) {
                // Another has deleted it.
            }
        }
        Files.deleteIfExists(link);
    }
}
