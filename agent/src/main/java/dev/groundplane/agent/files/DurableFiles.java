package dev.groundplane.agent.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes and reads small files so that a crash leaves either the old content or the new one. */
public final class DurableFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> REWRITE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);

    /** Whether a write must outlast a power failure or only the agent's process. */
    public enum Durability {
        /** Outlasts the process: enough for what can be found out again. */
        PROCESS,
        /** Outlasts a power failure: the file and its directory are synchronised. */
        POWER_FAILURE
    }

    private DurableFiles() {}

    /** Replaces a file's content at once; the file is readable by its owner only. */
    public static void replace(Path file, byte[] content, Durability durability) throws IOException {
        var temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (var channel = FileChannel.open(temporary, REWRITE, OWNER_ONLY)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (durability == Durability.POWER_FAILURE) {
                channel.force(true);
            }
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (durability == Durability.POWER_FAILURE) {
            synchronise(file.resolveSibling("."));
        }
    }

    /** Makes the names in a directory outlast a power failure. */
    public static void synchronise(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** A small file's text without surrounding blanks; empty when there is no such file. */
    public static String textOrEmpty(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException absent) {
            return "";
        }
    }

    /**
     * Makes a directory with exactly these permissions, whatever the umask says; an existing one is left as it is.
     *
     * @param permissions in the form {@code rwx--x--x}
     */
    public static void ensureDirectory(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
    }
}
