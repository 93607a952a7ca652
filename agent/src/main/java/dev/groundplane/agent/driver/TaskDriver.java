package dev.groundplane.agent.driver;

import java.time.Duration;
import java.util.List;

/**
 * Runs containers of one kind. What a driver started outlives the driver object and the agent's process; a handle that
 * was journaled finds it again.
 *
 * <p>Life of a container: {@link #prepare}, {@link #start}, {@link #waitForExit} (with {@link #stop} at any time after
 * start), {@link #destroy}. After a restart of the agent: {@link #recover}, then on from where it stands.
 *
 * <p>Implementations are thread safe; calls for one handle may overlap (a stop while another thread waits).
 */
public interface TaskDriver {

    /** The name that handles carry and that the attribute {@code groundplane.driver.NAME} announces. */
    String name();

    /**
     * Makes ready everything but the process itself, so that the handle can be journaled before anything runs.
     * Idempotent.
     *
     * @throws StartFailure when the request cannot be met; the message names the value and what would be right
     */
    DriverHandle prepare(LaunchRequest request) throws StartFailure, InterruptedException;

    /**
     * Starts the container, at most once ever: a second start, by this object or by another one after a restart, adopts
     * what the first one started. Returns when the container's process exists.
     *
     * @throws StartFailure when it could not be started
     */
    void start(DriverHandle handle) throws StartFailure, InterruptedException;

    /** Blocks until the container has ended and says how. Idempotent: answers at once for an ended container. */
    ContainerExit waitForExit(DriverHandle handle) throws InterruptedException;

    /**
     * Sends SIGTERM to the container's command and, when they outlast the grace period, SIGKILL. Returns when the
     * container has ended. Idempotent.
     */
    void stop(DriverHandle handle, Duration grace) throws InterruptedException;

    /** Frees what the container still holds, after it has ended. Idempotent; the handle is of no use afterwards. */
    void destroy(DriverHandle handle);

    /**
     * Takes over a container that a former agent process prepared or started, and says where it stands. What is left of
     * a container that nobody watched to its end is ended.
     */
    Inspection recover(DriverHandle handle) throws InterruptedException;

    /** Says where a container stands, without changing anything. */
    Inspection inspect(DriverHandle handle);

    /**
     * Runs a command inside a running container, with its user, environment and file system, and says how it ended. Its
     * output goes nowhere. A command that cannot be run, or whose container has ended, has a code other than 0.
     *
     * @param words the command's words
     * @param limit after which the command is killed and the answer is {@link ContainerExit#KILLED}
     */
    int execute(DriverHandle handle, List<String> words, Duration limit) throws InterruptedException;
}
