package dev.groundplane.agent.journal;

import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The last reports of tasks that are gone, kept for a day, so that a payload that arrives once more is answered and never
 * run again. Thread safe.
 */
public final class Tombstones {
    private static final Duration KEPT = Duration.ofHours(24);

    private final Path directory;
    private final InstantSource clock;

    /** Tombstones in a directory, which exists. */
    public Tombstones(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** Remembers a task's last report. */
    void add(String taskId, byte[] lastReport) throws IOException {
        var file = file(taskId);
        DurableFiles.replace(file, lastReport, Durability.POWER_FAILURE);
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    /** The last report of a task that is gone; empty when no task of this id is remembered. */
    public Optional<byte[]> find(String taskId) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(taskId)));
        } catch (NoSuchFileException unknown) {
            return Optional.empty();
        }
    }

    /** Forgets what is older than a day. */
    public void expire() throws IOException {
        var oldest = FileTime.from(clock.instant().minus(KEPT));
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                if (Files.getLastModifiedTime(file).compareTo(oldest) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path file(String taskId) {
        return directory.resolve(TaskDirectory.requireSafe("task id", taskId));
    }
}
