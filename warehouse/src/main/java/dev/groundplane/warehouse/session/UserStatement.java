package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.sql.Statement;
import dev.groundplane.warehouse.sql.UserCommand;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Statements about users, groups and roles, which the control plane keeps. */
record UserStatement(UserCommand command) implements Command {
    static Optional<UserStatement> of(Statement statement) {
        return UserCommand.of(statement).map(UserStatement::new);
    }

    @Override
    public void authorize(SessionContext session) {
        // Whoever carries it out knows what users may do to themselves.
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        session.access().change(command);
        return PlainResult.of(command.tag());
    }
}
