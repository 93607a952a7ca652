package dev.groundplane.warehouse.ddl;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.EngineSql;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * What a definition is carried out with.
 *
 * @param searchPath schemas in which names without one are looked for
 * @param user who asks
 * @param timeout of what takes long; zero for none
 * @param parameters literals for the statement's
 * @param policies of tables
 */
public record DdlContext(
        EngineSession engine,
        List<String> searchPath,
        String user,
        Duration timeout,
        List<String> parameters,
        Policies policies) {
    /** What policies make of queries whose rows are kept. */
    public interface Policies {
        /** The query that a user is shown the rows of. */
        String guarded(Statement query, String sql) throws SQLException;

        /** @throws dev.groundplane.warehouse.sql.SqlFailure when a query reads what has policies */
        void requireUnprotected(String sql) throws SQLException;
    }

    /** A query of the statement in the engine's SQL. */
    String engineSql(Statement query) {
        return EngineSql.of(query, parameters);
    }

    /** Runs what may take long; it can be cancelled. The number of rows. */
    long runLong(String sql) throws SQLException {
        try (var prepared = engine.prepare(sql)) {
            engine.execute(prepared, timeout);
            return Math.max(0, prepared.getUpdateCount());
        }
    }
}
