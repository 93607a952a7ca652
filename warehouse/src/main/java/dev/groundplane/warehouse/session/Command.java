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
    /**
     * Each kind's own look at a statement: empty when it is none of its own. Not a constant, which would have to be made before any
     * of the kinds.
     */
    private static List<Function<Statement, Optional<? extends Command>>> kinds() {
        return List.of(
                AuthorizationStatement::of,
                UserStatement::of,
                PolicyStatement::of,
                GrantStatement::of,
                OwnerStatement::of,
                ShowGrants::of,
                SettingStatement::of,
                DatabaseStatement::of,
                DdlStatement::of,
                CopyJobStatement::of,
                CopyStatement::of,
                UnloadStatement::of,
                CursorStatement::of,
                CancelStatement::of,
                PreparedCommand::of);
    }

    /**
     * The command that a statement is; empty when it is one for the engine.
     *
     * @throws SqlFailure when it begins like a command and is none
     */
    static Optional<Command> of(Statement statement) {
        return kinds().stream()
                .flatMap(kind -> kind.apply(statement).stream())
                .map(Command.class::cast)
                .findFirst();
    }

    /** The columns of its rows; empty when it gives none. */
    default List<Column> columns() {
        return List.of();
    }

    /** The same, where they depend on what the session knows. */
    default List<Column> columns(SessionContext session) throws SQLException {
        return columns();
    }

    /**
     * Refuses it to users who may not carry it out; asked only of what {@code Access} does not know by itself. Unless a command
     * says otherwise it is for superusers.
     *
     * @throws SqlFailure when the session's user may not
     */
    default void authorize(SessionContext session) throws SQLException {
        session.access().requireSuperuser("such a command");
    }

    /** Whether it may change what objects, users and privileges there are, or how they are defined. */
    default boolean defines() {
        return true;
    }

    /**
     * Carries it out, in the session's transaction if there is one.
     *
     * @param parameters literals of the engine
     * @throws SqlFailure when it cannot
     * @throws SQLException when the engine cannot
     */
    Result run(SessionContext session, List<String> parameters) throws SQLException;
}
