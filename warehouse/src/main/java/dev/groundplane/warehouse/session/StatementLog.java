package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.TransactionStatus;
import dev.groundplane.warehouse.engine.EngineErrors;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.history.Caller;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.RunningStatement;
import dev.groundplane.warehouse.history.RunningStatement.Status;
import dev.groundplane.warehouse.sql.HistoryViews;
import dev.groundplane.warehouse.sql.QueryType;
import dev.groundplane.warehouse.sql.RecordedText;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tells the history of a session's statements. For the session's thread. */
final class StatementLog {
    private static final String LAST_QUERY = "pg_last_query_id";

    private final History history;
    private final int session;
    private @Nullable RunningStatement current;
    private long lastQuery;
    private long transaction;
    private int transactionsBegun;

    /**
     * @param session the process number that it goes by
     * @param lastQuery the number of the last query that it ran; -1 for none
     */
    StatementLog(History history, int session, long lastQuery) {
        this.history = history;
        this.session = session;
        this.lastQuery = lastQuery;
    }

    /** The number of the last query that the session ran; -1 for none. */
    long lastQuery() {
        return lastQuery;
    }

    /** The number of the statement that is carried out. */
    long currentId() {
        if (current == null) {
            throw new IllegalStateException("no statement is carried out");
        }
        return current.id();
    }

    /** A statement begins. */
    RunningStatement begin(Statement statement, SessionContext context) {
        var block = context.transaction();
        if (block.status() == TransactionStatus.IDLE || block.begun() != transactionsBegun) {
            transaction = 0;
        }
        var begun = history.begin(
                new Caller(
                        context.access().userId(),
                        context.access().user(),
                        session,
                        context.engine().database()),
                context.settings().get("query_group"),
                transaction,
                QueryType.of(statement),
                RecordedText.of(statement));
        transaction = transaction == 0 ? begun.id() : transaction;
        current = begun;
        return begun;
    }

    /**
     * Brings up to date what a statement asks of the history.
     *
     * @return whether a plan that was made of it before tells what is not so any more
     */
    boolean prepare(Statement statement, EngineSession engine) throws SQLException {
        if (HistoryViews.areMentioned(statement)) {
            history.refresh();
        }
        if (statement.calls(LAST_QUERY)) {
            engine.run("SET VARIABLE %s = %d".formatted(LAST_QUERY, lastQuery));
            return true;
        }
        return false;
    }

    /** The present statement is planned. */
    void planned() {
        if (current != null) {
            current.planned();
        }
    }

    /** A statement was carried out. */
    Result done(RunningStatement statement, Statement text, Result result, SessionContext context) {
        transactionsBegun = context.transaction().begun();
        if (QueryType.of(text).isQuery() && !text.calls(LAST_QUERY)) {
            lastQuery = statement.id();
        }
        if (!result.hasRows()) {
            statement.ended(Status.SUCCESS, null, 0, 0);
            return result;
        }
        statement.returning();
        return new RecordedResult(result, statement);
    }

    /** A statement failed. */
    void failed(RunningStatement statement, Report report, SessionContext context) {
        transactionsBegun = context.transaction().begun();
        statement.ended(status(report), report.message(), 0, 0);
    }

    /** What a client is told when the present statement fails in the engine, or was cancelled. */
    Report report(SQLException failure, EngineSession engine) {
        var report = EngineErrors.report(failure);
        if (!report.sqlState().equals(SqlState.QUERY_CANCELED)) {
            return report;
        }
        var reason = engine.cancelReason();
        return Report.error(
                report.sqlState(),
                reason == null ? "Query (%d) cancelled on user's request".formatted(currentId()) : reason);
    }

    /** How a statement ended whose client is told of an error. */
    static Status status(Report error) {
        return error.sqlState().equals(SqlState.QUERY_CANCELED) ? Status.CANCELED : Status.FAILED;
    }
}
