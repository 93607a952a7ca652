package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.sql.SessionAuthorization;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** {@code SET SESSION AUTHORIZATION}: the session goes on as another user. */
record AuthorizationStatement(SessionAuthorization command) implements Command {
    static Optional<AuthorizationStatement> of(Statement statement) {
        return SessionAuthorization.of(statement).map(AuthorizationStatement::new);
    }

    @Override
    public void authorize(SessionContext session) {
        // It matters who logged in, not as whom the session goes on now.
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) throws SQLException {
        var access = session.access();
        if (command.user().isEmpty()) {
            access.actAsMyself();
        } else {
            access.actAs(command.user().get());
        }
        session.settings().actAs(access.user(), access.isSuperuser());
        session.engine().searchPath(session.settings().searchPath()); // where none of it is there, it stays as it was
        return PlainResult.of(command.tag());
    }
}
