package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.BackendSignals.Signal;
import dev.groundplane.warehouse.function.FunctionFailure;
import dev.groundplane.warehouse.sql.CancelCommand;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.util.List;
import java.util.Optional;

/** {@code CANCEL} of what another session runs. */
record CancelStatement(CancelCommand command) implements Command {
    static Optional<CancelStatement> of(Statement statement) {
        return CancelCommand.of(statement).map(CancelStatement::new);
    }

    @Override
    public void authorize(SessionContext session) {
        // Whose session it is, is known when it is found.
    }

    @Override
    public boolean defines() {
        return false;
    }

    @Override
    public Result run(SessionContext session, List<String> parameters) {
        var access = session.access();
        try {
            var found = session.backends().send(Signal.CANCEL, command.process(), access.userId(), command.message());
            var notices = found
                    ? List.<String>of()
                    : List.of("PID %d is not a session of this workgroup".formatted(command.process()));
            return PlainResult.of("CANCEL").with(notices);
        } catch (FunctionFailure e) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, e.told());
        }
    }
}
