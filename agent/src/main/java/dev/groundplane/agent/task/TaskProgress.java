package dev.groundplane.agent.task;

import dev.groundplane.agent.files.DurableFiles.Durability;
import dev.groundplane.agent.journal.ContainerState;
import dev.groundplane.agent.journal.TaskJournal;
import dev.groundplane.agent.journal.TaskState;
import dev.groundplane.agent.journal.TaskState.Acknowledged;
import dev.groundplane.agent.model.DesiredStatus;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down how far one task has come, whenever that has changed. Belongs to the task's thread. */
final class TaskProgress {
    private static final Logger log = LoggerFactory.getLogger(TaskProgress.class);

    private final TaskJournal journal;
    private final String taskId;
    private TaskState saved;
    private String bootId;

    TaskProgress(TaskJournal journal, String taskId, TaskState saved) {
        this.journal = journal;
        this.taskId = taskId;
        this.saved = saved;
        this.bootId = saved.bootId();
    }

    /** Whether the task was accepted before the host last started. */
    boolean isOfEarlierBoot() {
        return journal.isOfEarlierBoot(saved);
    }

    /** Makes a task of an earlier boot one of this boot, from the next write on. */
    void adopt() {
        bootId = journal.bootId();
    }

    /**
     * Writes the task's state if it differs from what is written. What the control plane has asked for and how the task
     * ended must outlast a power failure; what lies between is found out again.
     *
     * @return whether this state is in the journal now
     */
    boolean write(
            DesiredStatus desired,
            Acknowledged acknowledged,
            @Nullable String reason,
            @Nullable Long stoppedAtMillis,
            Map<String, ContainerState> containers) {
        var current = new TaskState(bootId, desired, acknowledged, reason, stoppedAtMillis, containers);
        if (current.equals(saved)) {
            return true;
        }
        var matters =
                desired != saved.desiredStatus() || containers.values().stream().allMatch(ContainerState::stopped);
        try {
            journal.record(taskId, current, matters ? Durability.POWER_FAILURE : Durability.PROCESS);
            saved = current;
            return true;
        } catch (IOException e) {
            log.error("cannot write down how far task {} has come", taskId, e);
            return false;
        }
    }
}
