package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Column;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A statement that the warehouse carries out itself; the engine gets what a part of it needs, if anything. */
interface Command {
    /** Each kind's own look at a statement: empty when it is none of its own. */
    @SuppressWarnings("ClassInitializationDeadlock") // a reference to a method does not begin its class
    List<Function<Statement, Optional<? extends Command>>> KINDS = List.of(SettingStatement::of);

    /**
     * The command that a statement is; empty when it is one for the engine.
     *
     * @throws SqlFailure when it begins like a command and is none
     */
    static Optional<Command> of(Statement statement) {
        return KINDS.stream()
                .flatMap(kind -> kind.apply(statement).stream())
                .map(Command.class::cast)
                .findFirst();
    }

    /** The columns of its rows; empty when it gives none. */
    default List<Column> columns() {
        return List.of();
    }

    /**
     * Carries it out, in the session's transaction if there is one.
     *
     * @throws SqlFailure when it cannot
     * @throws SQLException when the engine cannot
     */
    Result run(SessionContext session) throws SQLException;
}
