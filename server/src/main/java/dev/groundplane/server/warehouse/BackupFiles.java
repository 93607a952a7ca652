package dev.groundplane.server.warehouse;

import dev.groundplane.server.local.FileTree;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.BackupFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Backups of namespaces' databases: a directory for each, whose files never change. One that is not whole has another name, so each
 * is there whole and durable or not at all. Thread-safe for different backups.
 */
final class BackupFiles {
    private static final String DATABASE = ".duckdb";
    private static final String LOG = DATABASE + ".wal";
    /** The engine's log while it writes the former one into the file. */
    private static final String NEXT_LOG = LOG + ".checkpoint";

    private static final String PART = ".part";
    /** The engine's two descriptions of what its file has, one of which each checkpoint writes anew, and what the file is. */
    private static final int HEADER_BYTES = 3 * 4096;

    private final Path directory;

    /** @param directory of all namespaces' directories */
    BackupFiles(Path directory) {
        this.directory = directory;
    }

    private Path root() {
        return directory.resolve("backups");
    }

    private Path namespace(String namespaceId) {
        return directory.resolve(namespaceId);
    }

    /** Where a backup's files are. */
    Path of(String backup) {
        return root().resolve(backup);
    }

    /** The names of a namespace's databases. */
    List<String> databases(String namespaceId) throws IOException {
        return files(namespace(namespaceId)).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(DATABASE))
                .map(name -> name.substring(0, name.length() - DATABASE.length()))
                .toList();
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /** A text that is another one after a namespace's databases have changed; empty while it has none. */
    String look(String namespaceId) throws IOException {
        StringBuilder look = new StringBuilder();
        for (Path file : files(namespace(namespaceId))) {
            String name = file.getFileName().toString();
            if (name.endsWith(DATABASE) || name.endsWith(LOG)) {
                look.append("%s %d %s%n".formatted(name, Files.size(file), Files.getLastModifiedTime(file)));
            }
        }
        return look.toString();
    }

    /** Whether the disk has room for a copy of a namespace's databases, and for as much again. */
    boolean hasRoomFor(String namespaceId) throws IOException {
        long bytes = 0;
        for (Path file : files(namespace(namespaceId))) {
            bytes += Files.size(file);
        }
        return Files.getFileStore(directory).getUsableSpace() > 2 * bytes;
    }

    /**
     * Copies a namespace's databases for a backup, which {@link #finish} makes. Nobody may checkpoint them meanwhile, or drop one.
     *
     * @param databases their names
     * @throws IOException also when they were changed all the same; then it may be tried again
     */
    void copy(String namespaceId, List<String> databases, String backup) throws IOException {
        Path part = begin(backup);
        for (String database : databases) {
            copy(namespace(namespaceId), database, part);
        }
    }

    /** Makes a backup of what was copied for it, durably. */
    List<BackupFile> finish(String backup) throws IOException {
        Path part = root().resolve(backup + PART);
        List<BackupFile> copied = new ArrayList<>();
        for (Path file : files(part)) {
            DurableFiles.flush(file);
            copied.add(new BackupFile(file.getFileName().toString(), Files.size(file), DurableFiles.sha256(file)));
        }
        end(backup);
        return copied;
    }

    /** The log is first: the file then has every block that it speaks of. */
    private static void copy(Path from, String database, Path to) throws IOException {
        Path file = from.resolve(database + DATABASE);
        Path log = from.resolve(database + LOG);
        byte[] header = header(file);
        if (Files.exists(log)) {
            Files.copy(log, to.resolve(log.getFileName()));
        }
        Files.copy(file, to.resolve(file.getFileName()));
        if (Files.exists(from.resolve(database + NEXT_LOG)) || !Arrays.equals(header, header(file))) {
            throw new IOException("%s was written anew while it was copied".formatted(file));
        }
    }

    private static byte[] header(Path file) throws IOException {
        try (var input = Files.newInputStream(file)) {
            return input.readNBytes(HEADER_BYTES);
        }
    }

    /** Makes a backup of another one's files, which both have from then on. */
    List<BackupFile> share(Backup source, String backup) throws IOException {
        Path part = begin(backup);
        for (BackupFile file : source.files()) {
            Files.createLink(part.resolve(file.name()), of(source.id()).resolve(file.name()));
        }
        end(backup);
        return source.files();
    }

    private Path begin(String backup) throws IOException {
        DurableFiles.makeDirectory(root());
        Path part = root().resolve(backup + PART);
        FileTree.remove(part);
        DurableFiles.makeDirectory(part);
        return part;
    }

    private void end(String backup) throws IOException {
        Path part = root().resolve(backup + PART);
        DurableFiles.flush(part);
        FileTree.remove(of(backup)); // of a time before that was not told of
        Files.move(part, of(backup), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.flush(root());
    }

    /** Removes a backup, or what there is of it. */
    void remove(String backup) throws IOException {
        FileTree.remove(of(backup));
        FileTree.remove(root().resolve(backup + PART));
    }

    /** The ids of all backups of which there is something. */
    List<String> present() throws IOException {
        return files(root()).stream()
                .map(file -> file.getFileName().toString().replace(PART, ""))
                .distinct()
                .toList();
    }
}
