package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.warehouse.ddl.IdentityGuard;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A statement that the engine has planned, to be carried out once. After anything else that the session does it is to be planned anew,
 * and after anybody has changed what there is or who may see it: policies are part of a plan. For one thread.
 */
final class EnginePlan implements AutoCloseable {
    private final Statement statement;
    private final PreparedStatement prepared;
    private final long definitions;
    private boolean ran;

    /**
     * @param prepared closed with this, or with the result once it has run
     * @param definitions their number before it was planned, see {@link EngineSession#definitions}
     */
    EnginePlan(Statement statement, PreparedStatement prepared, long definitions) {
        this.statement = statement;
        this.prepared = prepared;
        this.definitions = definitions;
    }

    /** Whether all is as it was when it was planned. */
    boolean isOfNow(EngineSession engine) {
        return definitions == engine.definitions();
    }

    /** What its rows will look like; empty when it gives none. */
    List<Column> columns() throws SQLException {
        return EngineResult.columns(statement, prepared);
    }

    /** Runs it. The caller closes its result. */
    Result run(SessionContext session) throws SQLException {
        IdentityGuard.check(statement, session.engine(), session.engine().path());
        session.statements().planned();
        var result = EngineResult.of(statement, prepared, session);
        ran = true;
        return result;
    }

    @Override
    public void close() throws SQLException {
        if (!ran) {
            prepared.close();
        }
    }
}
