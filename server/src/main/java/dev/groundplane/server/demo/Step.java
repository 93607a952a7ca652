package dev.groundplane.server.demo;

import java.io.IOException;
import java.sql.SQLException;

/** One part of the pipeline. Steps can be interrupted and run again: what is there already is used. */
interface Step {
    /** What it does, for the progress display. */
    String title();

    /**
     * Does it.
     *
     * @throws dev.groundplane.platform.GroundplaneException when it cannot be done; the message says what to do
     */
    void run() throws IOException, InterruptedException, SQLException;
}
