package dev.groundplane.agent.journal;

import dev.groundplane.agent.driver.DriverHandle;
import org.jspecify.annotations.Nullable;

/**
 * How far a container has come.
 *
 * @param handle what finds it again; null before it was prepared
 * @param started whether its process has existed
 * @param stopped whether it has ended, or will never start
 * @param exitCode its exit code; null when it runs or never ran
 * @param reason why it ended or did not start, where the exit code does not say it
 */
public record ContainerState(
        @Nullable DriverHandle handle,
        boolean started,
        boolean stopped,
        @Nullable Integer exitCode,
        @Nullable String reason) {
    /** A container of which nothing has happened. */
    public static final ContainerState PENDING = new ContainerState(null, false, false, null, null);
}
