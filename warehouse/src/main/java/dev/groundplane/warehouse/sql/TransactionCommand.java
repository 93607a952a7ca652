package dev.groundplane.warehouse.sql;

import java.util.Optional;

/** Statements that begin and end transactions. */
public enum TransactionCommand {
    BEGIN,
    COMMIT,
    ROLLBACK;

    /** The command that a statement is; empty when it is another statement. */
    public static Optional<TransactionCommand> of(Statement statement) {
        return switch (statement.verb()) {
            case "BEGIN" -> Optional.of(BEGIN);
            case "START" ->
                statement.tokens().size() > 1 && statement.tokens().get(1).is("TRANSACTION")
                        ? Optional.of(BEGIN)
                        : Optional.empty();
            case "COMMIT", "END" -> Optional.of(COMMIT);
            case "ROLLBACK", "ABORT" -> Optional.of(ROLLBACK);
            default -> Optional.empty();
        };
    }
}
