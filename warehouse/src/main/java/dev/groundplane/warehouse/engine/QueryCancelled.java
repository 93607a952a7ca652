package dev.groundplane.warehouse.engine;

import dev.groundplane.pgwire.SqlState;
import java.sql.SQLException;

/** A statement was cancelled while the engine had no part in it. */
public final class QueryCancelled extends SQLException {
    private static final long serialVersionUID = 1L;

    /** It has not begun, or is between two steps. */
    public QueryCancelled() {
        super("INTERRUPT Error: cancelled", SqlState.QUERY_CANCELED);
    }
}
