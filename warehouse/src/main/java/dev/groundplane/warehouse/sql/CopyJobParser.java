package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.List;
import java.util.Optional;

/** Reads {@link CopyJobCommand}s. For one statement. */
final class CopyJobParser {
    private static final List<String> COMMANDS = List.of("LIST", "SHOW", "DROP", "ALTER", "RUN");

    private final Statement statement;
    private final TokenReader reader;

    CopyJobParser(Statement statement) {
        this.statement = statement;
        this.reader = new TokenReader(statement.tokens());
    }

    Optional<CopyJobCommand> command() {
        for (var command : COMMANDS) { // a table may be called job
            if (reader.accept("COPY", "JOB", command)) {
                return Optional.of(whole(of(command)));
            }
        }
        var tokens = statement.tokens();
        for (var i = 1; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).is("JOB") && tokens.get(i + 1).is("CREATE")) {
                return Optional.of(create(tokens.subList(0, i)));
            }
        }
        return Optional.empty();
    }

    private CopyJobCommand of(String command) {
        return switch (command) {
            case "LIST" -> new CopyJobCommand.Show(Optional.empty());
            case "SHOW" -> new CopyJobCommand.Show(Optional.of(reader.name()));
            case "DROP" -> new CopyJobCommand.Drop(reader.name());
            case "RUN" -> new CopyJobCommand.Run(reader.name());
            default -> {
                var name = reader.name();
                if (!reader.sees("AUTO")) {
                    throw reader.unexpected();
                }
                yield new CopyJobCommand.Alter(name, auto());
            }
        };
    }

    private CopyJobCommand create(List<Token> copy) {
        var text = statement.part(copy);
        var command = new CopyParser(copy).parse();
        requireSuits(command);
        for (var i = 0; i < copy.size(); i++) {
            reader.take();
        }
        reader.expect("JOB", "CREATE");
        var name = reader.name();
        if (name.contains("-")) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "the name of a copy job cannot contain hyphens, as \"%s\" does".formatted(name));
        }
        return whole(new CopyJobCommand.Create(command, text.text(), name, auto()));
    }

    /** What Redshift's jobs do not take. */
    private static void requireSuits(CopyCommand command) {
        if (!(command.authorization() instanceof Authorization.Role(var chain))
                || chain.getFirst().equals("default")) {
            throw SqlFailure.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "COPY JOB takes no keys and no default role; name the role, as IAM_ROLE 'arn:aws:iam::…:role/…'");
        }
        if (command.manifest()) {
            throw SqlFailure.unsupported("COPY JOB with MANIFEST");
        }
        if (command.maxErrors() > 0) {
            throw SqlFailure.unsupported("COPY JOB with MAXERROR");
        }
        if (command.noLoad()) {
            throw SqlFailure.unsupported("COPY JOB with NOLOAD");
        }
    }

    /** ON when nothing is said. */
    private boolean auto() {
        if (!reader.accept("AUTO")) {
            return true;
        }
        if (reader.accept("OFF")) {
            return false;
        }
        reader.expect("ON");
        return true;
    }

    private CopyJobCommand whole(CopyJobCommand command) {
        if (!reader.atEnd()) {
            throw reader.unexpected();
        }
        return command;
    }
}
