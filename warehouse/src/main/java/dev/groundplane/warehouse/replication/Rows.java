package dev.groundplane.warehouse.replication;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A table's rows as they come from the source. For one thread, except to cancel. */
interface Rows {
    /** The next one as a line of CSV, in which NULL is empty and other values are quoted where they must; null when there is none. */
    byte @Nullable [] next() throws SQLException;

    /** Whether the end was not reached. */
    boolean areLeft();

    /** No more are wanted. */
    void cancel() throws SQLException;

    /** Begins to read tables' rows. */
    @FunctionalInterface
    interface Opener {
        /** All rows of a table. */
        Rows open(SourceTable table) throws SQLException;
    }
}
