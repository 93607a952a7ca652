package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PREPARE, EXECUTE and DEALLOCATE of Redshift's reference. */
public sealed interface PrepareCommand {
    /** @param types of its parameters, as the engine calls them; fewer than there are where they are left open */
    record Prepare(String name, List<String> types, Statement statement) implements PrepareCommand {}

    /** @param arguments expressions of the engine's */
    record Execute(String name, List<String> arguments) implements PrepareCommand {}

    /** @param name empty for all */
    record Deallocate(String name) implements PrepareCommand {}

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none
     */
    static Optional<PrepareCommand> of(Statement statement) {
        var reader = new TokenReader(statement.tokens());
        var command = switch (statement.verb()) {
            case "PREPARE" -> prepare(reader);
            case "EXECUTE" -> execute(reader);
            case "DEALLOCATE" -> deallocate(reader);
            default -> null;
        };
        if (command != null && !reader.atEnd()) {
            throw reader.unexpected();
        }
        return Optional.ofNullable(command);
    }

    private static PrepareCommand prepare(TokenReader reader) {
        reader.expect("PREPARE");
        var name = reader.name();
        var types = reader.sees("(") ? engineParts(reader.parenthesized()) : List.<String>of();
        reader.expect("AS");
        if (reader.atEnd()) {
            throw reader.unexpected();
        }
        return new Prepare(name, types, Statement.of(reader.rest()));
    }

    private static PrepareCommand execute(TokenReader reader) {
        reader.expect("EXECUTE");
        var name = reader.name();
        return new Execute(name, reader.sees("(") ? engineParts(reader.parenthesized()) : List.of());
    }

    private static PrepareCommand deallocate(TokenReader reader) {
        reader.expect("DEALLOCATE");
        reader.accept("PREPARE");
        return new Deallocate(reader.accept("ALL") ? "" : reader.name());
    }

    private static List<String> engineParts(List<Token> tokens) {
        var parts = new ArrayList<String>();
        for (var part : Tokens.split(tokens)) {
            parts.add(EngineSql.of(Statement.of(part), List.of()));
        }
        return parts;
    }
}
