package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import java.sql.SQLException;

/** Opens sessions of the engine in the database that follows. Thread-safe. */
@FunctionalInterface
interface Sessions {
    /** One more, which the caller closes. */
    EngineSession open() throws SQLException;
}
