package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.warehouse.sql.EngineFiles;
import dev.groundplane.warehouse.sql.EngineSql;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.sql.SupportedStatements;
import java.sql.SQLException;
import java.util.List;

/**
 * A statement for the engine.
 *
 * @param parameters literals of the engine
 * @param sql as the engine takes it
 */
record EngineQuery(Statement statement, List<String> parameters, String sql) {
    /**
     * A statement with its parameters' values.
     *
     * @param parameters literals of the engine
     * @throws SqlFailure when it is not one for the engine
     */
    static EngineQuery of(Statement statement, List<String> parameters) {
        SupportedStatements.check(statement);
        parameters.forEach(EngineFiles::check);
        return new EngineQuery(statement, parameters, EngineSql.of(statement, parameters));
    }

    /** Refuses it to users who may not carry it out. */
    void authorize(SessionContext session) throws SQLException {
        if (!session.access().check(statement, parameters)) {
            session.access().requireSuperuser(statement.verb());
        }
    }

    /** Runs it. The caller closes its result. */
    Result run(SessionContext session) throws SQLException {
        try (var plan = plan(session)) {
            return plan.run(session);
        }
    }

    /** What its rows will look like; empty when it gives none. */
    List<Column> columns(SessionContext session) throws SQLException {
        try (var plan = plan(session)) {
            return plan.columns();
        }
    }

    /** Has the engine plan it. The caller closes it. */
    EnginePlan plan(SessionContext session) throws SQLException {
        var definitions = session.engine().definitions();
        var guarded = session.access().guarded(statement, parameters, sql);
        return new EnginePlan(statement, session.engine().prepare(guarded), definitions);
    }
}
