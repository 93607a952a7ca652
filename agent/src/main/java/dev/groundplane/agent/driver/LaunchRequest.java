package dev.groundplane.agent.driver;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container to start, as drivers need to know it.
 *
 * @param taskId the task's id, unique on this host
 * @param container the container's name, unique in its task
 * @param words the command's words; may be empty, which a driver without a default command refuses
 * @param environment what the user wants in the environment
 * @param user the user to run as; null means the driver's default
 * @param workingDirectory the directory to start in; null means the driver's default
 * @param privileged whether the container asks for the host's own powers
 * @param taskLimits what all containers of the task may use together
 * @param limits what this container may use
 * @param mounts the directories it sees elsewhere than where they lie
 */
public record LaunchRequest(
        String taskId,
        String container,
        List<String> words,
        Map<String, String> environment,
        @Nullable String user,
        @Nullable String workingDirectory,
        boolean privileged,
        Limits taskLimits,
        Limits limits,
        List<Mount> mounts) {

    /**
     * What may be used.
     *
     * @param cpuUnits the share of the processors in units of which 1024 are one vCPU; 0 means none set
     * @param memoryMiB the hard memory limit in MiB; 0 means none
     */
    public record Limits(long cpuUnits, long memoryMiB) {
        /** No limits. */
        public static final Limits NONE = new Limits(0, 0);
    }

    /**
     * A directory of the host that the container sees at a path of its own.
     *
     * @param volume the volume's name
     * @param source the directory on the host; null means a scratch directory of the task
     * @param target the absolute path at which the container sees it
     * @param readOnly whether it may only read it
     */
    public record Mount(String volume, @Nullable String source, String target, boolean readOnly) {}

    /** The same request with these mounts. */
    public LaunchRequest withMounts(List<Mount> replacement) {
        return new LaunchRequest(
                taskId,
                container,
                words,
                environment,
                user,
                workingDirectory,
                privileged,
                taskLimits,
                limits,
                List.copyOf(replacement));
    }
}
