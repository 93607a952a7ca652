package dev.groundplane.agent.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as a payload describes it.
 *
 * @param arn the task's ARN; its last segment is the task's id
 * @param family the task definition's family
 * @param version the task definition's revision
 * @param desiredStatus what the control plane wants of the task
 * @param cpu the task's share of the processors in vCPUs; 0 means none set
 * @param memory the task's hard memory limit in MiB; 0 means none
 * @param networkMode the network mode; host tasks use the host's network whatever it says
 * @param volumes the volumes that containers may mount
 * @param containers the task's containers
 * @param groundplane the fields of ours; null when the control plane sent none
 */
public record TaskSpec(
        String arn,
        @Nullable String family,
        @Nullable String version,
        DesiredStatus desiredStatus,
        double cpu,
        long memory,
        @Nullable String networkMode,
        List<Volume> volumes,
        List<ContainerSpec> containers,
        @Nullable PlacementNote groundplane) {

    /** Fields of ours in a payload's task. {@code startedBefore} is true when the control plane has sent it before. */
    public record PlacementNote(boolean startedBefore) {}

    /** Reads absent lists as empty. */
    public TaskSpec {
        desiredStatus = desiredStatus == null ? DesiredStatus.RUNNING : desiredStatus;
        volumes = volumes == null ? List.of() : List.copyOf(volumes);
        containers = containers == null ? List.of() : List.copyOf(containers);
    }

    /** The last segment of the ARN, which names the task's directory and its log streams. */
    public String taskId() {
        return taskIdOf(arn);
    }

    /** The id within a task ARN, in its long or short form. */
    public static String taskIdOf(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** True when this task was sent to a container instance before, so an agent that does not know it lost it. */
    public boolean startedBefore() {
        return groundplane != null && groundplane.startedBefore();
    }
}
