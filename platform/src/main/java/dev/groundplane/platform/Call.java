package dev.groundplane.platform;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Work;
import java.util.Optional;

/**
 * One call of a service operation: on whose behalf, where, and the audit record that goes with it. Service objects are made
 * for one call; there is no ambient caller.
 */
public interface Call {
    /** The authenticated principal. */
    Caller caller();

    /** The account and region the call is about. */
    Scope scope();

    /** The id that the response carries; the same in log lines and the audit record. */
    String requestId();

    /** The base URL at which the caller reached this control plane; empty for calls that services make. */
    default Optional<String> reachedAt() {
        return Optional.empty();
    }

    /**
     * Runs the operation's transaction and, in the same transaction, writes the call's audit record, so that no mutation
     * exists without its record. At most once per call.
     *
     * @param work returns the operation's response
     * @return what {@code work} returned, once it is durable
     */
    <R> R commit(Work<R> work);
}
