package dev.groundplane.platform.store;

import java.util.Set;

/**
 * The processes that work on one database: each of them answers calls, one of them leads. The leader does what needs doing
 * once only. For a moment two may take themselves for the leader, so whatever a leader does must be right then, too: a
 * transaction that looks again, a step that is idempotent. Thread-safe.
 */
public interface Replicas {
    /** This process: an id that no process had before, on any machine. */
    String self();

    /** The processes that are alive, this one included. Asks the database, which may take a moment. */
    Set<String> alive();

    /** Whether this process leads. */
    boolean leads();

    /**
     * Has an action run whenever there may be something new for the leader to do: at once if this process leads, when it
     * becomes the leader, and when another process has gone. It must be quick, and is run by one thread at a time.
     */
    void whileLeading(Runnable action);
}
