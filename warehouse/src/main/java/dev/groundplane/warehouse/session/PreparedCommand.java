package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.warehouse.sql.PrepareCommand;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.sql.SupportedStatements;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code PREPARE}, {@code EXECUTE} and {@code DEALLOCATE}. */
record PreparedCommand(PrepareCommand command) implements Command {
    static Optional<PreparedCommand> of(Statement statement) {
        return PrepareCommand.of(statement).map(PreparedCommand::new);
    }

    @Override
    public List<Column> columns(SessionContext session) throws SQLException {
        if (command instanceof PrepareCommand.Execute execute) {
            var query = session.prepared().query(execute);
            query.authorize(session);
            return query.columns(session);
        }
        return List.of();
    }

    /** What was prepared is looked at when it is executed, with its values. */
    @Override
    public void authorize(SessionContext session) throws SQLException {
        if (command instanceof PrepareCommand.Execute execute) {
            session.prepared().query(execute).authorize(session);
        }
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        return switch (command) {
            case PrepareCommand.Prepare prepare -> {
                SupportedStatements.check(prepare.statement());
                session.prepared().add(prepare);
                yield PlainResult.of("PREPARE");
            }
            case PrepareCommand.Execute execute ->
                session.prepared().query(execute).run(session);
            case PrepareCommand.Deallocate(var name) -> {
                session.prepared().remove(name);
                yield PlainResult.of("DEALLOCATE");
            }
        };
    }
}
