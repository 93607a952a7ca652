package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.sql.PolicyCommand;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Statements about policies of rows and of masks. */
record PolicyStatement(PolicyCommand command) implements Command {
    static Optional<PolicyStatement> of(Statement statement) {
        return PolicyCommand.of(statement).map(PolicyStatement::new);
    }

    @Override
    public void authorize(SessionContext session) {
        session.access().requireSuperuser(command.tag());
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        session.access().change(command);
        return PlainResult.of(command.tag());
    }
}
