package dev.groundplane.warehouse.sql;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code CANCEL process_id ['message']}.
 *
 * @param message for the client whose statement is cancelled; null for the usual one
 */
public record CancelCommand(int process, @Nullable String message) {
    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none
     */
    public static Optional<CancelCommand> of(Statement statement) {
        var reader = new TokenReader(statement.tokens());
        if (!reader.accept("CANCEL")) {
            return Optional.empty();
        }
        var process = reader.number();
        var message = reader.seesString() ? reader.take().string() : null;
        if (!reader.atEnd()) {
            throw reader.unexpected();
        }
        return Optional.of(new CancelCommand(process, message));
    }
}
