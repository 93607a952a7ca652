package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.TransactionStatus;
import dev.groundplane.warehouse.sql.CursorCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code DECLARE}, {@code FETCH} and {@code CLOSE} of cursors. */
record CursorStatement(CursorCommand command) implements Command {
    static Optional<CursorStatement> of(Statement statement) {
        return CursorCommand.of(statement).map(CursorStatement::new);
    }

    @Override
    public List<Column> columns(SessionContext session) {
        return command instanceof CursorCommand.Fetch(var name, var count)
                ? session.cursors().get(name).columns()
                : List.of();
    }

    @Override
    public void authorize(SessionContext session) throws SQLException {
        if (command instanceof CursorCommand.Declare(var name, var query)) {
            session.access().requireQuery(query);
        }
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        return switch (command) {
            case CursorCommand.Declare(var name, var query) -> {
                if (session.transaction().status() != TransactionStatus.OPEN) {
                    throw SqlFailure.of(
                            SqlState.NO_ACTIVE_TRANSACTION, "DECLARE CURSOR may only be used in transaction blocks");
                }
                session.cursors().requireFree(name);
                session.cursors().add(name, EngineQuery.of(query, List.of()).run(session));
                yield PlainResult.of("DECLARE CURSOR");
            }
            case CursorCommand.Fetch(var name, var count) ->
                new FetchResult(session.cursors().get(name), count);
            case CursorCommand.Close(var name) -> {
                session.cursors().close(name);
                yield PlainResult.of("CLOSE CURSOR");
            }
        };
    }
}
