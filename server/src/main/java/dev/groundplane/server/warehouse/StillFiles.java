package dev.groundplane.server.warehouse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Databases that no worker has.
 *
 * @param lock keeps workers from having them
 */
record StillFiles(List<String> databases, NamespaceLock lock) implements Workers.Stillness {
    /** @throws IOException when a worker has them, which is starting or ending */
    static StillFiles of(Path directory, String namespaceId) throws IOException {
        NamespaceLock lock = NamespaceLock.take(directory, namespaceId)
                .orElseThrow(() -> new IOException(
                        "the worker of namespace %s is about to start or to end".formatted(namespaceId)));
        try {
            return new StillFiles(new BackupFiles(directory).databases(namespaceId), lock);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
