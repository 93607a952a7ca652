package dev.groundplane.agent.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a container that has ended is started again within its task, as ECS's ContainerRestartPolicy.
 *
 * @param enabled whether it is
 * @param ignoredExitCodes exit codes after which it is not
 * @param restartAttemptPeriod seconds that a container must have run before it may be started again; null means 300
 */
public record RestartPolicy(
        boolean enabled,
        List<Integer> ignoredExitCodes,
        @Nullable Integer restartAttemptPeriod) {
    private static final int DEFAULT_PERIOD_SECONDS = 300;

    /** Reads an absent list as empty. */
    public RestartPolicy {
        ignoredExitCodes = ignoredExitCodes == null ? List.of() : List.copyOf(ignoredExitCodes);
    }

    /** How long a container must have run before it may be started again. */
    public Duration attemptPeriod() {
        return Duration.ofSeconds(restartAttemptPeriod == null ? DEFAULT_PERIOD_SECONDS : restartAttemptPeriod);
    }
}
