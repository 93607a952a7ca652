package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.logs.LogWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what running containers write into their log files. Podman loses what is written while it turns from what is
 * there to what comes when it is asked to follow an output that has begun; its records are therefore read from the file
 * itself, which lies in the container's directory. Thread safe.
 */
final class OutputCopies implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutputCopies.class);

    private final Engine engine;
    private final Path tasks;
    private final LogWatch watch;
    private final Map<ContainerName, OutputCopy> copies = new ConcurrentHashMap<>();

    OutputCopies(Engine engine, Path tasks) throws IOException {
        this.engine = engine;
        this.tasks = tasks;
        this.watch = new LogWatch();
    }

    /** Makes the file in which Podman is to record an attempt's output, so that it belongs to the agent. Idempotent. */
    static Path makeRecords(ContainerDirectory directory, int attempt) throws IOException {
        var records = records(directory, attempt).toAbsolutePath();
        DurableFiles.ensureDirectory(
                Objects.requireNonNull(records.getParent(), "records lie in a directory"), "rwx------");
        try {
            Files.createFile(
                    records, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            log.debug("{} was made before", records);
        }
        return records;
    }

    /** Alone in its directory, so that only its own growth wakes its reader. */
    private static Path records(ContainerDirectory directory, int attempt) {
        return directory.path().resolve("records-" + attempt).resolve("output");
    }

    /** Begins to follow a container's output. Idempotent. */
    void follow(ContainerName name) {
        copies.computeIfAbsent(name, this::copy).begin();
    }

    /** Returns when all that a container has written is in its file; the container has ended. Idempotent. */
    void complete(ContainerName name) throws InterruptedException {
        var copy = copies.computeIfAbsent(name, this::copy);
        copy.complete();
        copies.remove(name, copy);
    }

    /** Gives up on a container's output. Idempotent. */
    void forget(ContainerName name) {
        var copy = copies.remove(name);
        if (copy != null) {
            copy.close();
        }
        var records = records(name.directory(tasks), name.attempt()).toAbsolutePath();
        try {
            Files.deleteIfExists(records);
            Files.deleteIfExists(Objects.requireNonNull(records.getParent(), "records lie in a directory"));
        } catch (IOException e) {
            log.warn("cannot delete {}: {}", records, e.toString());
        }
    }

    /** Stops copying; whoever asks for the same outputs later goes on from there. */
    @Override
    public void close() throws IOException {
        copies.values().forEach(OutputCopy::close);
        watch.close();
    }

    private OutputCopy copy(ContainerName name) {
        try {
            var directory = name.directory(tasks);
            var file = OutputFile.of(directory, name.attempt());
            var records = records(directory, name.attempt());
            return Files.exists(records)
                    ? new RecordedCopy(records, file, watch)
                    : new StreamedCopy(engine, name.inEngine(), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
