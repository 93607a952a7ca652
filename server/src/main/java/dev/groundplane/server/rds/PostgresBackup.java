package dev.groundplane.server.rds;

import dev.groundplane.server.local.FileTree;
import dev.groundplane.services.rds.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Copies of servers' files: of one that does not run as they are, of one that runs with the WAL that makes them whole. Source:
 * PostgreSQL, chapter "Making a Base Backup Using the Low Level API".
 */
final class PostgresBackup {
    private static final String DATA = "data";
    /** Directories whose contents mean something to the server only that wrote them. */
    private static final Set<String> LEFT_OUT = Set.of(
            "pg_dynshmem", "pg_notify", "pg_replslot", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans");

    private static final Set<String> OF_A_RUN = Set.of("postmaster.pid", "postmaster.opts", "pg_internal.init");
    private static final String WAL = "pg_wal";
    private static final int WAL_NAME = 24;
    /** Of 16 MB, in 4 GB: the second part of a segment's number. */
    private static final long SEGMENTS = 256;

    private final PostgresSite site;
    private final UnaryOperator<String> passwords;

    PostgresBackup(PostgresSite site, UnaryOperator<String> passwords) {
        this.site = site;
        this.passwords = passwords;
    }

    private Path copies() {
        return site.servers().resolve("snapshots");
    }

    /**
     * Makes a copy; nothing when it is there.
     *
     * @param running the server, if it runs
     */
    void copy(String id, Optional<DatabaseServer> running, String name) throws IOException, SQLException {
        Path copy = copies().resolve(name);
        if (Files.isDirectory(copy)) {
            return;
        }
        Path half = copies().resolve(name + ".new");
        FileTree.remove(half);
        PostgresFiles.makeDirectory(site.servers(), "rwx--x--x");
        PostgresFiles.makeDirectory(copies(), "rwx------");
        PostgresFiles.makeDirectory(half, "rwx------");
        Path data = site.server(id).resolve(DATA);
        boolean whole = false;
        try {
            if (running.isPresent()) {
                online(running.get(), data, half.resolve(DATA));
            } else if (Files.isDirectory(data)) { // a cluster that never had an instance has none
                copyTree(data, half.resolve(DATA), true);
            }
            PostgresFiles.flushTree(half);
            Files.move(half, copy, StandardCopyOption.ATOMIC_MOVE);
            whole = true;
        } finally {
            if (!whole) { // a disk that is full must not stay so for it
                FileTree.remove(half);
            }
        }
    }

    private void online(DatabaseServer server, Path data, Path target) throws IOException, SQLException {
        try (PostgresSession session =
                PostgresSession.openForLong(server, site.address(), passwords.apply(server.id()))) {
            String first = session.beginBackup();
            copyTree(data, target, false);
            PostgresSession.BackupEnd end = session.endBackup();
            Path label = target.resolve("backup_label");
            Files.writeString(label, end.label());
            Files.setOwner(label, Files.getOwner(target));
            for (Path segment : children(data.resolve(WAL))) {
                String name = segment.getFileName().toString();
                boolean needed = name.length() == WAL_NAME
                        && name.compareTo(first) >= 0
                        && name.compareTo(end.lastSegment()) <= 0;
                if (needed || name.endsWith(".history")) {
                    copyFile(segment, target.resolve(WAL).resolve(name));
                }
            }
            requireSegments(target.resolve(WAL), first, end.lastSegment());
        }
    }

    /**
     * What was written while files were copied is there: the server throws it away when it is more than its parameters allow.
     *
     * @throws IOException when some of it is not
     */
    private static void requireSegments(Path wal, String first, String last) throws IOException {
        for (String name = first; name.compareTo(last) <= 0; name = next(name)) {
            if (!Files.exists(wal.resolve(name))) {
                throw new IOException(
                        "the server has removed %s, which the copy needs; max_slot_wal_keep_size is too small"
                                .formatted(name));
            }
        }
    }

    /** The name of the segment after one: timeline, and the number in two parts. */
    static String next(String segment) {
        long number =
                Long.parseLong(segment.substring(8, 16), 16) * SEGMENTS + Long.parseLong(segment.substring(16), 16) + 1;
        return "%s%08X%08X".formatted(segment.substring(0, 8), number / SEGMENTS, number % SEGMENTS);
    }

    /** @param wal whether the WAL is to be there, too */
    private static void copyTree(Path from, Path to, boolean wal) throws IOException {
        copyFile(from, to);
        for (Path child : children(from)) {
            String name = child.getFileName().toString();
            if (!Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                if (!OF_A_RUN.contains(name) && !name.startsWith("pgsql_tmp")) {
                    copyFile(child, to.resolve(name));
                }
            } else if (LEFT_OUT.contains(name) || (name.equals(WAL) && !wal)) {
                copyFile(child, to.resolve(name));
            } else if (!name.startsWith("pgsql_tmp")) {
                copyTree(child, to.resolve(name), wal);
            }
        }
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList();
        } catch (NoSuchFileException e) {
            return List.of(); // a database was dropped meanwhile
        }
    }

    /** Of a directory itself only. Owner and permissions are what they were. */
    private static void copyFile(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            if (Files.exists(from)) {
                throw e;
            } // else the server removed it meanwhile, and its WAL says so
        }
    }

    /** Puts a copy's files into a server's directory; nothing when it has some. */
    void restore(String name, String id) throws IOException {
        Path directory = site.server(id);
        Path data = directory.resolve(DATA);
        Path copied = copies().resolve(name).resolve(DATA);
        if (Files.isDirectory(data) || !Files.isDirectory(copied)) {
            return;
        }
        PostgresFiles.makeDirectory(directory, "rwx------");
        Path half = directory.resolve("data.restoring");
        FileTree.remove(half);
        copyTree(copied, half, true);
        PostgresFiles.flushTree(half);
        Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes a copy; nothing when there is none. */
    void remove(String name) throws IOException {
        FileTree.remove(copies().resolve(name + ".new"));
        FileTree.remove(copies().resolve(name));
    }
}
