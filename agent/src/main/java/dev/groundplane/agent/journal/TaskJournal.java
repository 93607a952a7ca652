package dev.groundplane.agent.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.files.TaskDirectory;
import dev.groundplane.agent.journal.JournalFile.Line;
import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.journal.Tombstones.Tombstone;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of this agent: one file to which every step of every task adds a line, and a directory for each task's own
 * files. Thread safe; each task has one writer at a time.
 *
 * <pre>
 * accepted TASK {@link JournaledTask}      new, as received
 * state TASK {@link TaskState}             how far it has come
 * retired TASK MILLIS REPORT     stopped and reported at that time, with this report
 * </pre>
 *
 * From time to time the file is replaced by one with the last lines of each task. Only positions in it are kept in memory.
 */
public final class TaskJournal {
    private static final Logger log = LoggerFactory.getLogger(TaskJournal.class);
    private static final String ACCEPTED = "accepted";
    private static final String STATE = "state";
    private static final String RETIRED = "retired";
    private static final long LEAST_BYTES_TO_REPLACE = 4 << 20;
    private static final int GROWTH_TO_REPLACE = 2;

    private final Path tasks;
    private final InstantSource clock;
    private final String bootId;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Latest> latest = new LinkedHashMap<>();
    private final Tombstones tombstones = new Tombstones();
    private final JournalFile file;
    private long replaceAtBytes;

    /** The last lines of a task. The accepted one holds its state until there is a later one. */
    private record Latest(Line accepted, @Nullable Line state) {}

    /**
     * A journal that goes on where the former process left it.
     *
     * @param tasks the directory of all tasks, which exists
     * @param file the file, which is made if need be
     * @param bootId what tells this boot of the host from others
     */
    public TaskJournal(Path tasks, Path file, InstantSource clock, String bootId) throws IOException {
        this.tasks = tasks;
        this.clock = clock;
        this.bootId = bootId;
        this.file = JournalFile.open(file, this::index);
        replaceWhenGrown();
    }

    private void index(Line line, String text) {
        var words = text.split(" ", 4);
        try {
            switch (words[0]) {
                case ACCEPTED -> latest.put(words[1], new Latest(line, null));
                case STATE -> latest.computeIfPresent(words[1], (id, known) -> new Latest(known.accepted(), line));
                case RETIRED -> {
                    latest.remove(words[1]);
                    tombstones.add(words[1], new Tombstone(Long.parseLong(words[2]), line));
                }
                default -> log.error("the journal has a line that nobody wrote: {}", text);
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            log.error("the journal has a damaged line: {}", text);
        }
    }

    /** The directory of a task. */
    public TaskDirectory directory(String taskId) {
        return TaskDirectory.of(tasks, taskId);
    }

    /** This boot of the host. */
    public String bootId() {
        return bootId;
    }

    /** Whether a task was accepted in an earlier boot of the host, so that none of its processes is left. */
    public boolean isOfEarlierBoot(TaskState state) {
        return !bootId.equals(state.bootId());
    }

    /**
     * Writes new tasks so that they outlast a power failure. Idempotent.
     *
     * @param refused is told of each task that cannot be written, mostly because the disk is full, and why; nothing of it is
     *     kept
     * @throws IOException when it is not certain what a crash would leave
     */
    public List<JournaledTask> accept(List<TaskSpec> specs, BiConsumer<TaskSpec, IOException> refused)
            throws IOException {
        var accepted = new ArrayList<JournaledTask>();
        for (var spec : specs) {
            var state = new TaskState(bootId, spec.desiredStatus(), Acknowledged.NOTHING, null, null, Map.of());
            var task = new JournaledTask(spec.withoutCredentials(), state);
            var line = ACCEPTED + " " + TaskDirectory.requireSafe("task id", spec.taskId()) + " "
                    + Json.MAPPER.writeValueAsString(task);
            try {
                append(line);
                accepted.add(task);
            } catch (IOException e) {
                refused.accept(spec, e);
            }
        }
        if (!accepted.isEmpty()) {
            file.sync(file.appended());
        }
        return accepted;
    }

    /** Writes how far a task has come. */
    public void record(String taskId, TaskState state, Durability durability) throws IOException {
        append(STATE + " " + taskId + " " + Json.MAPPER.writeValueAsString(state));
        if (durability == Durability.POWER_FAILURE) {
            file.sync(file.appended());
        }
    }

    /**
     * Forgets a task that has stopped and was reported, but for its last report. A power failure may bring the task back as
     * it was recorded last, and it is reported once more.
     */
    public void retire(String arn, byte[] lastReport) throws IOException {
        var taskId = TaskSpec.taskIdOf(arn);
        append(RETIRED + " " + taskId + " " + clock.millis() + " " + new String(lastReport, StandardCharsets.UTF_8));
        directory(taskId).delete();
    }

    private void append(String text) throws IOException {
        lock.lock();
        try {
            index(file.append(text), text);
            if (file.size() >= replaceAtBytes) {
                tryToReplace();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was appended is there whether or not the file can be replaced, which needs room for both. */
    private void tryToReplace() {
        try {
            replaceWhenGrown();
        } catch (IOException e) {
            log.warn("the journal grows on, it cannot be replaced by a shorter one: {}", e.getMessage());
            replaceAtBytes = file.size() + LEAST_BYTES_TO_REPLACE;
        }
    }

    /** Keeps the last lines of each task. */
    private void replaceWhenGrown() throws IOException {
        tombstones.expire(clock.millis());
        if (file.size() >= LEAST_BYTES_TO_REPLACE) {
            var kept = new ArrayList<Line>();
            latest.values().forEach(lines -> {
                kept.add(lines.accepted());
                if (lines.state() != null) {
                    kept.add(lines.state());
                }
            });
            tombstones.all().forEach(entry -> kept.add(entry.getValue().line()));
            var moved = file.replace(kept).iterator();
            latest.replaceAll((taskId, lines) -> new Latest(moved.next(), lines.state() == null ? null : moved.next()));
            tombstones
                    .all()
                    .forEach(entry ->
                            entry.setValue(new Tombstone(entry.getValue().millis(), moved.next())));
            file.synchroniseDirectory();
        }
        replaceAtBytes = Math.max(LEAST_BYTES_TO_REPLACE, GROWTH_TO_REPLACE * file.size());
    }

    /** Everything a former process left; a directory of no task that was acknowledged is removed. */
    public List<JournaledTask> load() throws IOException {
        var found = new ArrayList<JournaledTask>();
        lock.lock();
        try {
            for (var entry : latest.entrySet()) {
                read(entry.getKey(), entry.getValue()).ifPresent(found::add);
            }
            removeUnknownDirectories();
        } finally {
            lock.unlock();
        }
        return found;
    }

    private void removeUnknownDirectories() throws IOException {
        try (var directories = Files.newDirectoryStream(tasks, Files::isDirectory)) {
            for (var path : directories) {
                if (!latest.containsKey(path.getFileName().toString())) {
                    log.info("{} belongs to no accepted task; removing it", path);
                    remove(path);
                }
            }
        }
    }

    /** What cannot be removed now is tried again at the next start; the tasks that there are must not wait for it. */
    private static void remove(Path directory) {
        try {
            new TaskDirectory(directory).delete();
        } catch (IOException e) {
            log.warn("cannot remove {}", directory, e);
        }
    }

    private Optional<JournaledTask> read(String taskId, Latest lines) throws IOException {
        try {
            var accepted = Json.MAPPER.readValue(json(lines.accepted()), JournaledTask.class);
            var line = lines.state();
            if (line == null) {
                return Optional.of(accepted);
            }
            var state = Json.MAPPER.readValue(json(line), TaskState.class);
            return Optional.of(new JournaledTask(accepted.spec(), state));
        } catch (JsonProcessingException e) {
            log.error("the journal of task {} is damaged and left alone: {}", taskId, e.getOriginalMessage());
            return Optional.empty();
        }
    }

    private String json(Line line) throws IOException {
        var text = file.read(line);
        return text.substring(text.indexOf('{'));
    }

    /** The last report of a task that is gone; empty when no task of this id is remembered. */
    public Optional<byte[]> lastReport(String taskId) throws IOException {
        lock.lock();
        try {
            var line = tombstones.find(taskId);
            return line.isPresent()
                    ? Optional.of(file.read(line.get()).split(" ", 4)[3].getBytes(StandardCharsets.UTF_8))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
