package dev.groundplane.warehouse.engine;

import dev.groundplane.pgwire.SqlState;
import java.sql.SQLException;

/** A statement was cancelled before it began. */
public final class QueryCancelled extends SQLException {
    private static final long serialVersionUID = 1L;

    QueryCancelled() {
        super("INTERRUPT Error: cancelled before it began", SqlState.QUERY_CANCELED);
    }
}
