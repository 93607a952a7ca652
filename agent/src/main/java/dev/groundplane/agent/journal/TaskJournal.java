package dev.groundplane.agent.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.files.TaskDirectory;
import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.model.Json;
import dev.groundplane.agent.model.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tasks of this agent, one directory each. Thread safe for different tasks; each task has one writer at a time. */
public final class TaskJournal {
    private static final Logger log = LoggerFactory.getLogger(TaskJournal.class);

    private final Path tasks;
    private final Tombstones tombstones;
    private final String bootId;

    /**
     * A journal that goes on where the former process left it.
     *
     * @param tasks the directory of all tasks, which exists
     * @param bootId what tells this boot of the host from others
     */
    public TaskJournal(Path tasks, Tombstones tombstones, String bootId) {
        this.tasks = tasks;
        this.tombstones = tombstones;
        this.bootId = bootId;
    }

    /** The directory of a task. */
    public TaskDirectory directory(String taskId) {
        return TaskDirectory.of(tasks, taskId);
    }

    /** The remembered ends of tasks that are gone. */
    public Tombstones tombstones() {
        return tombstones;
    }

    /** This boot of the host. */
    public String bootId() {
        return bootId;
    }

    /** Whether a task was accepted in an earlier boot of the host, so that none of its processes is left. */
    public boolean isOfEarlierBoot(TaskState state) {
        return !bootId.equals(state.bootId());
    }

    /** Writes new tasks so that they outlast a power failure. Idempotent. */
    public List<JournaledTask> accept(List<TaskSpec> specs) throws IOException {
        var accepted = new ArrayList<JournaledTask>();
        for (var spec : specs) {
            var state = new TaskState(bootId, spec.desiredStatus(), Acknowledged.NOTHING, null, null, Map.of());
            var task = new JournaledTask(spec.withoutCredentials(), state);
            var directory = directory(spec.taskId());
            directory.create();
            DurableFiles.replace(directory.specFile(), Json.MAPPER.writeValueAsBytes(task), Durability.POWER_FAILURE);
            accepted.add(task);
        }
        if (!specs.isEmpty()) {
            DurableFiles.synchronise(tasks);
        }
        return accepted;
    }

    /** Writes how far a task has come. */
    public void record(String taskId, TaskState state, Durability durability) throws IOException {
        DurableFiles.replace(directory(taskId).stateFile(), Json.MAPPER.writeValueAsBytes(state), durability);
    }

    /** Everything a former process left; a directory that was never acknowledged is removed. */
    public List<JournaledTask> load() throws IOException {
        var found = new ArrayList<JournaledTask>();
        try (var directories = Files.newDirectoryStream(tasks, Files::isDirectory)) {
            for (var path : directories) {
                var directory = new TaskDirectory(path);
                if (!Files.exists(directory.specFile())) {
                    log.info("{} was never accepted; removing it", path);
                    directory.delete();
                } else {
                    load(directory).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static Optional<JournaledTask> load(TaskDirectory directory) throws IOException {
        try {
            var accepted = Json.MAPPER.readValue(Files.readAllBytes(directory.specFile()), JournaledTask.class);
            if (!Files.exists(directory.stateFile())) {
                return Optional.of(accepted);
            }
            var state = Json.MAPPER.readValue(Files.readAllBytes(directory.stateFile()), TaskState.class);
            return Optional.of(new JournaledTask(accepted.spec(), state));
        } catch (JsonProcessingException e) {
            log.error("{} is damaged and left alone: {}", directory.path(), e.getOriginalMessage());
            return Optional.empty();
        }
    }

    /** Forgets a task that has stopped and was reported, but for its tombstone. */
    public void retire(String arn, byte[] lastReport) throws IOException {
        var taskId = TaskSpec.taskIdOf(arn);
        tombstones.add(taskId, lastReport);
        directory(taskId).delete();
    }
}
