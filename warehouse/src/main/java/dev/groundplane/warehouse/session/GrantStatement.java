package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.sql.GrantCommand;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code GRANT}, {@code REVOKE} and {@code ALTER DEFAULT PRIVILEGES}. */
record GrantStatement(GrantCommand command) implements Command {
    static Optional<GrantStatement> of(Statement statement) {
        return GrantCommand.of(statement).map(GrantStatement::new);
    }

    @Override
    public void authorize(SessionContext session) {
        // Whether the user may grant, depends on each privilege.
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        session.access().grant(command);
        return PlainResult.of(command.tag());
    }
}
