package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.pgwire.TransactionStatus;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.TransactionCommand;
import java.sql.SQLException;

/**
 * A session's transaction as PostgreSQL has it: after a failed statement all is refused until its end, and its end is a
 * rollback. The engine alone would let a COMMIT return normally that saves nothing.
 */
final class TransactionBlock {
    private final EngineSession engine;
    private TransactionStatus status = TransactionStatus.IDLE;
    private boolean implicit;
    private int begun;

    TransactionBlock(EngineSession engine) {
        this.engine = engine;
    }

    TransactionStatus status() {
        return status;
    }

    /** How many transactions were begun so far. */
    int begun() {
        return begun;
    }

    /** Begins the transaction that several statements of one simple query have together, unless there is one. */
    void beginImplicit() throws SQLException {
        if (status == TransactionStatus.IDLE) {
            open();
            implicit = true;
        }
    }

    /** Ends an implicit transaction. */
    void endImplicit() throws SQLException {
        if (implicit) {
            end(status == TransactionStatus.OPEN);
        }
    }

    /**
     * Carries out a command.
     *
     * @return the command that it was in the end: a COMMIT after a failure is a ROLLBACK
     */
    TransactionCommand run(TransactionCommand command) throws SQLException {
        switch (command) {
            case BEGIN -> begin();
            case COMMIT, ROLLBACK -> {
                var commits = command == TransactionCommand.COMMIT && status == TransactionStatus.OPEN;
                if (status == TransactionStatus.IDLE) {
                    return command; // PostgreSQL only warns
                }
                end(commits);
                return commits ? TransactionCommand.COMMIT : TransactionCommand.ROLLBACK;
            }
        }
        return command;
    }

    private void begin() throws SQLException {
        switch (status) {
            case IDLE -> open();
            case OPEN -> implicit = false; // PostgreSQL only warns where there is one already
            case FAILED -> requireUsable();
        }
    }

    private void open() throws SQLException {
        engine.begin();
        begun++;
        status = TransactionStatus.OPEN;
    }

    private void end(boolean commits) throws SQLException {
        status = TransactionStatus.IDLE;
        implicit = false;
        engine.end(commits);
    }

    /**
     * Refuses a statement that is no part of a transaction, because what it changes lies elsewhere.
     *
     * @param what its first words
     */
    void requireNone(String what) {
        if (status != TransactionStatus.IDLE) {
            throw SqlFailure.of(
                    SqlState.ACTIVE_TRANSACTION,
                    what + " cannot run inside a transaction block or with other statements");
        }
    }

    /** Refuses a statement in a failed transaction. */
    void requireUsable() {
        if (status == TransactionStatus.FAILED) {
            throw SqlFailure.of(
                    SqlState.IN_FAILED_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
        }
    }

    /** A statement has failed. */
    void fail() throws SQLException {
        if (implicit) {
            end(false);
        } else if (status == TransactionStatus.OPEN) {
            status = TransactionStatus.FAILED;
        }
    }
}
