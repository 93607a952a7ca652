package dev.groundplane.agent.driver;

import org.jspecify.annotations.Nullable;

/**
 * How a container ended.
 *
 * @param exitCode the exit code; 128 plus the signal's number for a process that a signal ended
 * @param reason why, where the exit code does not say it; null otherwise
 */
public record ContainerExit(int exitCode, @Nullable String reason) {
    /** The exit code of a process that SIGKILL ended. */
    public static final int KILLED = 137;
}
