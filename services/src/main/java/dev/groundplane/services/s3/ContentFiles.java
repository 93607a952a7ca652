package dev.groundplane.services.s3;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.secret.Encryption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The directory of content files. A file is written once, under a name that nothing had before, and made durable before a
 * row names it; it is removed after the last row that named it is gone and nobody reads it. Names begin with the number of
 * the process's start, so that only the files of starts that ended have to be looked through for what a crash left. Several
 * processes may share the directory. Thread-safe.
 */
final class ContentFiles {
    private static final int NAME_BYTES = 16;
    /** Marks the directory of a start whose files have been looked through. */
    private static final String SWEPT = "swept";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path root;
    private final Object starting = new Object();
    private volatile long epoch;
    private final Encryption encryption;
    private final CipherWarmUp warmUp;
    private final Set<Path> directories = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> readers = new HashMap<>();
    private final Set<String> doomed = new HashSet<>();

    /**
     * @param root made if it is not there
     * @param epoch the number of this start
     */
    ContentFiles(Path root, long epoch, Encryption encryption) {
        this.root = root;
        this.epoch = epoch;
        this.encryption = encryption;
        this.warmUp = new CipherWarmUp(encryption);
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw failure("make", root.toString(), e);
        }
    }

    Encryption encryption() {
        return encryption;
    }

    /** What makes the encryption of large contents fast. */
    CipherWarmUp warmUp() {
        return warmUp;
    }

    Path path(String name) {
        return root.resolve(name);
    }

    /** The number of the start in which a file was made. */
    static long epoch(String name) {
        return Long.parseLong(name.substring(0, name.indexOf('/')));
    }

    /**
     * New files are of another start from now on, because this process was taken for dead.
     *
     * @param ended the start that another took for ended
     * @param begun supplies the number of the next one
     */
    void beginAgain(long ended, LongSupplier begun) {
        synchronized (starting) { // not what deletions wait for: the number comes from the database
            if (epoch == ended) {
                epoch = begun.getAsLong();
            }
        }
    }

    /** A file to write content to. */
    ContentOutput create() throws IOException {
        String name = newName();
        return new ContentOutput(this, name, ContentKey.create(encryption));
    }

    /** A second name for a file, which then lives until both are gone. */
    String link(String name) throws IOException {
        String second = newName();
        Files.createLink(path(second), path(name));
        syncName(second);
        return second;
    }

    private String newName() throws IOException {
        byte[] random = new byte[NAME_BYTES];
        RANDOM.nextBytes(random);
        String hex = HexFormat.of().formatHex(random);
        String name = epoch + "/" + hex.substring(0, 2) + "/" + hex.substring(2);
        Path directory = directory(name);
        if (!directories.contains(directory)) {
            Files.createDirectories(directory);
            sync(root.resolve(Long.toString(epoch)));
            sync(root);
            directories.add(directory);
        }
        return name;
    }

    private Path directory(String name) {
        return root.resolve(name.substring(0, name.lastIndexOf('/')));
    }

    /** Makes a new file's name durable. */
    void syncName(String name) throws IOException {
        sync(directory(name));
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Keeps files from being removed; every lease is ended by {@link #release}. */
    synchronized void lease(List<String> names) {
        names.forEach(name -> readers.merge(name, 1, Integer::sum));
    }

    synchronized void release(List<String> names) {
        for (String name : names) {
            Integer left = readers.merge(name, -1, Integer::sum);
            if (left <= 0) {
                readers.remove(name);
                if (doomed.remove(name)) {
                    remove(name);
                }
            }
        }
    }

    /**
     * Removes a file that no row names any more, once nobody reads it. Idempotent.
     *
     * @return whether it is gone already
     */
    synchronized boolean delete(String name) {
        if (readers.containsKey(name)) {
            doomed.add(name);
            return false;
        }
        remove(name);
        return true;
    }

    private void remove(String name) {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            throw failure("remove", name, e);
        }
    }

    String name(Path file) {
        return root.relativize(file).toString();
    }

    /**
     * The directories of starts that have ended and were not swept.
     *
     * @param goingOn the starts that have not ended
     */
    List<Path> ended(Set<Long> goingOn) {
        try (Stream<Path> starts = Files.list(root)) {
            return starts.filter(Files::isDirectory)
                    .filter(start ->
                            !goingOn.contains(Long.valueOf(start.getFileName().toString())))
                    .filter(start -> !Files.exists(start.resolve(SWEPT)))
                    .toList();
        } catch (IOException e) {
            throw failure("list", root.toString(), e);
        }
    }

    void markSwept(Path ended) throws IOException {
        Files.createFile(ended.resolve(SWEPT));
    }

    GroundplaneException failure(String what, String name, IOException e) {
        boolean full = e.getMessage() != null && e.getMessage().contains("No space left");
        return new GroundplaneException(
                full ? ErrorKind.INSUFFICIENT_RESOURCES : ErrorKind.INTERNAL_ERROR,
                "cannot %s content file %s: %s".formatted(what, name, full ? "the disk is full" : e.toString()),
                e);
    }
}
