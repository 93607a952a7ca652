package dev.groundplane.agent.journal;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a container has come.
 *
 * @param handle what finds its present attempt again; null before that was prepared
 * @param attempt how often it was started again
 * @param started whether its process has existed, in this attempt or an earlier one
 * @param stopped whether it has ended for good, or will never start
 * @param exitCode its exit code; null when it runs or never ran
 * @param reason why it ended or did not start, where the exit code does not say it
 * @param startedUptimeMillis the host's uptime when the present attempt was started; null before
 * @param runtime what its driver says of it; null before it was started
 */
public record ContainerState(
        @Nullable DriverHandle handle,
        int attempt,
        boolean started,
        boolean stopped,
        @Nullable Integer exitCode,
        @Nullable String reason,
        @Nullable Long startedUptimeMillis,
        @Nullable RuntimeFacts runtime) {
    /** A container of which nothing has happened. */
    public static final ContainerState PENDING = new ContainerState(null, 0, false, false, null, null, null, null);

    /**
     * What a driver says of a running container.
     *
     * @param bindings the host's ports that lead to it
     * @param imageDigest the digest of its image; null when it has none
     */
    public record RuntimeFacts(
            List<Inspection.Binding> bindings, @Nullable String imageDigest) {
        /** Keeps its own copy of the list; reads an absent one as empty. */
        public RuntimeFacts {
            bindings = bindings == null ? List.of() : List.copyOf(bindings);
        }
    }

    /** The present attempt is prepared. */
    public ContainerState prepared(DriverHandle prepared) {
        return new ContainerState(prepared, attempt, started, false, null, null, null, runtime);
    }

    /** The present attempt runs. */
    public ContainerState running(Duration uptime, RuntimeFacts seen) {
        return new ContainerState(handle, attempt, true, false, null, null, uptime.toMillis(), seen);
    }

    /** The present attempt is over and nothing is left of it; the next one is to be prepared. */
    public ContainerState again() {
        return new ContainerState(null, attempt + 1, started, false, null, null, null, runtime);
    }

    /** It has ended for good. */
    public ContainerState ended(ContainerExit exit) {
        return new ContainerState(
                handle, attempt, true, true, exit.exitCode(), exit.reason(), startedUptimeMillis, runtime);
    }

    /** It could not be started, or will not be; null means there is nothing to explain. */
    public ContainerState failed(@Nullable String why) {
        return new ContainerState(handle, attempt, started, true, null, why, startedUptimeMillis, runtime);
    }
}
