package dev.groundplane.agent;

import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The agent's data directory, held by one agent process at a time. */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the directory, making it if need be.
     *
     * @throws DirectoryInUse when another process holds it
     */
    static DataDirectory take(Path data) throws IOException, DirectoryInUse {
        DurableFiles.ensureDirectory(data, "rwx--x--x");
        var path = data.toRealPath();
        var channel = FileChannel.open(path.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new DirectoryInUse("another agent (process %s) holds %s; stop it first or use another --data"
                    .formatted(DurableFiles.textOrEmpty(path.resolve("agent.pid")), path));
        }
        var directory = new DataDirectory(path, channel, lock);
        DurableFiles.ensureDirectory(directory.tasks(), "rwx--x--x");
        return directory;
    }

    /** Writes this process's id for whoever wants to signal the agent. */
    void writePid() throws IOException {
        var pid = Long.toString(ProcessHandle.current().pid());
        DurableFiles.replace(pidFile(), pid.getBytes(StandardCharsets.US_ASCII), Durability.PROCESS);
    }

    Path path() {
        return path;
    }

    Path tasks() {
        return path.resolve("tasks");
    }

    Path journalFile() {
        return path.resolve("journal");
    }

    Path identityFile() {
        return path.resolve("identity.json");
    }

    Path instanceFile() {
        return path.resolve("instance.json");
    }

    private Path pidFile() {
        return path.resolve("agent.pid");
    }

    /** Lets go of the directory. Idempotent. */
    @Override
    public void close() throws IOException {
        if (lock.isValid()) {
            Files.deleteIfExists(pidFile());
            lock.release();
            channel.close();
        }
    }

    /** Another process holds the directory. */
    static final class DirectoryInUse extends Exception {
        private static final long serialVersionUID = 1L;

        DirectoryInUse(String message) {
            super(message);
        }
    }
}
