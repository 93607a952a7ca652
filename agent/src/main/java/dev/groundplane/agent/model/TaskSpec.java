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
 * @param roleCredentials what its containers may call AWS APIs with; null means nothing
 * @param executionRoleCredentials what the agent fetches its secrets and images with; null means nothing
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
        @Nullable RoleCredentials roleCredentials,
        @Nullable RoleCredentials executionRoleCredentials,
        @Nullable PlacementNote groundplane) {

    /**
     * Fields of ours in a payload's task.
     *
     * @param startedBefore whether the control plane knows that this instance had the task before
     * @param service the ECS service whose task it is; null when it was run on its own
     * @param platform whether it is a part of Groundplane itself
     * @param taskRoleArn see {@link TaskSpec#taskRoleArn}; what is left of credentials that are not written down
     * @param executionRoleArn see {@link TaskSpec#executionRoleArn}; likewise
     */
    public record PlacementNote(
            boolean startedBefore,
            @Nullable String service,
            boolean platform,
            @Nullable String taskRoleArn,
            @Nullable String executionRoleArn) {}

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

    /** True when a service wants this task to run for as long as nobody says otherwise. */
    public boolean belongsToService() {
        return groundplane != null && groundplane.service() != null;
    }

    /** True for a part of Groundplane itself, which has the agent's own rights. */
    public boolean belongsToPlatform() {
        return groundplane != null && groundplane.platform();
    }

    /** The role that its containers call AWS APIs as; null means none. */
    public @Nullable String taskRoleArn() {
        return roleCredentials != null || groundplane == null ? arnOf(roleCredentials) : groundplane.taskRoleArn();
    }

    /** The role that the agent fetches its secrets and images as; null means none. */
    public @Nullable String executionRoleArn() {
        return executionRoleCredentials != null || groundplane == null
                ? arnOf(executionRoleCredentials)
                : groundplane.executionRoleArn();
    }

    private static @Nullable String arnOf(@Nullable RoleCredentials credentials) {
        return credentials == null ? null : credentials.roleArn();
    }

    /** This task without credentials, as it may be written to disk: only whose they were is kept. */
    public TaskSpec withoutCredentials() {
        var note = new PlacementNote(
                startedBefore(),
                groundplane == null ? null : groundplane.service(),
                belongsToPlatform(),
                taskRoleArn(),
                executionRoleArn());
        return new TaskSpec(
                arn, family, version, desiredStatus, cpu, memory, networkMode, volumes, containers, null, null, note);
    }
}
