package dev.groundplane.agent.model;

import org.jspecify.annotations.Nullable;

/**
 * A task's volume.
 *
 * @param name the name that mount points use
 * @param type {@code host}, or null, which means the same
 * @param host where it lies on the host; null for a scratch directory of the task
 */
public record Volume(
        String name, @Nullable String type, @Nullable Host host) {

    /** Where a volume lies on the host; a null or empty path means a scratch directory of the task. */
    public record Host(@Nullable String sourcePath) {}

    /** The directory on the host, or null for a scratch directory of the task. */
    public @Nullable String sourcePath() {
        if (host == null || host.sourcePath() == null || host.sourcePath().isEmpty()) {
            return null;
        }
        return host.sourcePath();
    }
}
