package dev.groundplane.pgwire;

/** Where a session stands when it is ready for the next query. */
public enum TransactionStatus {
    /** In no transaction. */
    IDLE('I'),
    /** In a transaction. */
    OPEN('T'),
    /** In a transaction in which a statement has failed: all is refused until it ends. */
    FAILED('E');

    private final char code;

    TransactionStatus(char code) {
        this.code = code;
    }

    /** The byte in ReadyForQuery. */
    char code() {
        return code;
    }
}
