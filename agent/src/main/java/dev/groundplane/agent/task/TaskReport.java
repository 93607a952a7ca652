package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.Inspection.Binding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a task's state, as SubmitTaskStateChange carries it.
 *
 * @param taskArn the task
 * @param status what it has become
 * @param reason why it stopped; null when there is nothing to add
 * @param stoppedAtMillis when its last container ended, in milliseconds since 1970; null when none ran
 * @param containers its containers
 */
public record TaskReport(
        String taskArn,
        Status status,
        @Nullable String reason,
        @Nullable Long stoppedAtMillis,
        List<ContainerReport> containers) {

    /** What a task or a container can have become. */
    public enum Status {
        RUNNING,
        STOPPED
    }

    /**
     * A container within a report.
     *
     * @param name the container's name
     * @param status what it has become
     * @param runtimeId what the driver knows it by; null when it never got that far
     * @param exitCode its exit code; null when it runs or never ran
     * @param reason why it stopped or did not start; null when there is nothing to add
     * @param imageDigest the digest of its image; null when it has none
     * @param bindings the host's ports that lead to it
     */
    public record ContainerReport(
            String name,
            Status status,
            @Nullable String runtimeId,
            @Nullable Integer exitCode,
            @Nullable String reason,
            @Nullable String imageDigest,
            List<Binding> bindings) {
        /** Keeps its own copy of the list; reads an absent one as empty. */
        public ContainerReport {
            bindings = bindings == null ? List.of() : List.copyOf(bindings);
        }
    }

    /** Reads an absent list as empty. */
    public TaskReport {
        containers = containers == null ? List.of() : List.copyOf(containers);
    }

    /** The report for a task of which nothing ran or is left. */
    static TaskReport stopped(String taskArn, String reason) {
        return new TaskReport(taskArn, Status.STOPPED, reason, null, List.of());
    }
}
