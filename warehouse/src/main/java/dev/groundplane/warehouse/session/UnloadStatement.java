package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.sql.EngineSql;
import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.sql.UnloadCommand;
import dev.groundplane.warehouse.unload.Unload;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code UNLOAD} of a query into files in S3. */
record UnloadStatement(UnloadCommand command) implements Command {
    static Optional<UnloadStatement> of(Statement statement) {
        return UnloadCommand.of(statement).map(UnloadStatement::new);
    }

    @Override
    public void authorize(SessionContext session) throws SQLException {
        session.access().requireQuery(command.query());
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var unload = new Unload(
                session.engine(),
                session.settings().statementTimeout(),
                session.user(),
                session.storage(),
                command,
                session.access().guarded(command.query(), List.of(), EngineSql.of(command.query(), List.of())));
        return PlainResult.of("UNLOAD")
                .with(List.of("UNLOAD completed, %d record(s) unloaded successfully.".formatted(unload.run())));
    }
}
