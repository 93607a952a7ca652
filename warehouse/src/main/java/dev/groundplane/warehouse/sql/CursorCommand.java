package dev.groundplane.warehouse.sql;

import java.util.Optional;

/** Statements of cursors: DECLARE, FETCH and CLOSE in Redshift's reference. */
public sealed interface CursorCommand {
    /** Names a query whose rows are fetched in portions. */
    record Declare(String name, Statement query) implements CursorCommand {}

    /** @param count of rows; 0 for all that are left */
    record Fetch(String name, int count) implements CursorCommand {}

    /** Forgets a cursor. */
    record Close(String name) implements CursorCommand {}

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none
     */
    static Optional<CursorCommand> of(Statement statement) {
        var reader = new TokenReader(statement.tokens());
        var command = switch (statement.verb()) {
            case "DECLARE" -> declare(reader);
            case "FETCH" -> fetch(reader);
            case "CLOSE" -> close(reader);
            default -> null;
        };
        if (command != null && !reader.atEnd()) {
            throw reader.unexpected();
        }
        return Optional.ofNullable(command);
    }

    private static CursorCommand declare(TokenReader reader) {
        reader.expect("DECLARE");
        var name = reader.name();
        reader.expect("CURSOR");
        if (reader.accept("WITH")) {
            throw SqlFailure.unsupported("a cursor WITH HOLD");
        }
        reader.expect("FOR");
        if (reader.atEnd()) {
            throw reader.unexpected();
        }
        return new Declare(name, Statement.of(reader.rest()));
    }

    private static CursorCommand fetch(TokenReader reader) {
        reader.expect("FETCH");
        var count = 1;
        if (reader.accept("ALL") || reader.accept("FORWARD", "ALL")) {
            count = 0;
        } else if (!reader.accept("NEXT") && !reader.sees("FROM")) {
            count = reader.accept("FORWARD") && reader.sees("FROM") ? 1 : reader.number();
            if (count < 1) {
                throw SqlFailure.unsupported("FETCH of %d rows".formatted(count));
            }
        }
        reader.expect("FROM");
        return new Fetch(reader.name(), count);
    }

    private static CursorCommand close(TokenReader reader) {
        reader.expect("CLOSE");
        return new Close(reader.name());
    }
}
