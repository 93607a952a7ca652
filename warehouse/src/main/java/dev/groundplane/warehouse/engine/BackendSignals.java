package dev.groundplane.warehouse.engine;

/** Ends what other sessions run, or them. Thread-safe. */
@FunctionalInterface
public interface BackendSignals {
    /** What is to end. */
    enum Signal {
        CANCEL,
        TERMINATE
    }

    /**
     * Sends a signal.
     *
     * @param process that the session goes by
     * @param caller the id of the user who wants it; a superuser may end everybody's
     * @return whether there is such a session
     * @throws dev.groundplane.warehouse.function.FunctionFailure when it is another user's
     */
    boolean send(Signal signal, int process, int caller);
}
