package dev.groundplane.server.warehouse;

import java.sql.SQLException;

/** Finds out when a source has something for a warehouse that sleeps, on the thread of {@link IntegrationWatch}. */
interface SourceWatch {
    /**
     * Connects, and waits until there is something; after a failure it may be called again.
     *
     * @return false when it was ended before
     * @throws SQLException when the source cannot be reached, or breaks off
     * @throws InterruptedException after {@link #end}, for which the thread is interrupted
     */
    boolean hasChanged() throws SQLException, InterruptedException;

    /** Lets go of the source, soon and for good; from any thread. Whoever watches is interrupted afterwards. */
    void end();
}
