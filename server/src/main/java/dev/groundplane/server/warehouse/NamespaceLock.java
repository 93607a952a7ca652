package dev.groundplane.server.warehouse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lock that a worker has as long as it uses a namespace's databases; until it is closed, a worker that starts waits for it.
 *
 * @param file beside the namespace's directory
 * @param channel of the file, which has the lock
 */
record NamespaceLock(Path file, FileChannel channel) implements AutoCloseable {
    /**
     * The files that this process has locked, or is about to. Nobody opens them again meanwhile: to close any channel of a file
     * ends all locks that the process has on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private interface Attempt {
        boolean lock(FileChannel channel) throws IOException;
    }

    /**
     * Waits for it.
     *
     * @param directory of all namespaces' directories
     * @throws IOException when this process has it already
     */
    static NamespaceLock await(Path directory, String namespaceId) throws IOException {
        return hold(directory, namespaceId, channel -> channel.lock().isValid())
                .orElseThrow(
                        () -> new IOException("the databases of namespace %s are in use here".formatted(namespaceId)));
    }

    /** Takes it unless somebody has it. */
    static Optional<NamespaceLock> take(Path directory, String namespaceId) throws IOException {
        return hold(directory, namespaceId, channel -> channel.tryLock() != null);
    }

    private static Optional<NamespaceLock> hold(Path directory, String namespaceId, Attempt attempt)
            throws IOException {
        Path file = directory.resolve(namespaceId + ".lock").toAbsolutePath();
        if (!HELD.add(file)) { // another backup or a restore of the namespace
            return Optional.empty();
        }
        NamespaceLock lock = null;
        boolean locked = false;
        try {
            lock = new NamespaceLock(file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            locked = attempt.lock(lock.channel);
            return locked ? Optional.of(lock) : Optional.empty();
        } finally {
            if (lock == null) {
                HELD.remove(file);
            } else if (!locked) {
                lock.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
