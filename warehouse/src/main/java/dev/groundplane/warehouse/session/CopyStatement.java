package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.load.Load;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code COPY} of files in S3. */
record CopyStatement(CopyCommand command) implements Command {
    static Optional<CopyStatement> of(Statement statement) {
        return CopyCommand.of(statement).map(CopyStatement::new);
    }

    @Override
    public void authorize(SessionContext session) throws SQLException {
        session.access().requirePrivilege(Privilege.INSERT, command.table());
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var load = new Load(
                session.engine(),
                session.settings().statementTimeout(),
                session.user(),
                session.access().userId(),
                session.storage(),
                session.loads(),
                session.statements().currentId(),
                command);
        return PlainResult.of("COPY").with(load.run());
    }
}
