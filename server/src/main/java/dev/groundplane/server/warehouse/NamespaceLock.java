package dev.groundplane.server.warehouse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The lock that a worker has as long as it uses a namespace's databases; until it is closed, a worker that starts waits for it.
 *
 * @param channel of the file beside the namespace's directory, which has the lock
 */
record NamespaceLock(FileChannel channel) implements AutoCloseable {
    private static FileChannel open(Path directory, String namespaceId) throws IOException {
        return FileChannel.open(
                directory.resolve(namespaceId + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /**
     * Waits for it.
     *
     * @param directory of all namespaces' directories
     * @throws IOException when this process has it already
     */
    static NamespaceLock await(Path directory, String namespaceId) throws IOException {
        FileChannel channel = open(directory, namespaceId);
        try {
            channel.lock();
            return new NamespaceLock(channel);
        } catch (IOException | OverlappingFileLockException e) {
            channel.close();
            throw new IOException("the databases of namespace %s are in use here".formatted(namespaceId), e);
        }
    }

    /** Takes it unless somebody has it. */
    static Optional<NamespaceLock> take(Path directory, String namespaceId) throws IOException {
        FileChannel channel = open(directory, namespaceId);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(new NamespaceLock(channel));
            }
        } catch (OverlappingFileLockException e) { // another backup or a restore of the namespace
            channel.close();
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
