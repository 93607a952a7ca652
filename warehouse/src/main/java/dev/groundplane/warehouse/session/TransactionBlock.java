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

    TransactionBlock(EngineSession engine) {
        this.engine = engine;
    }

    TransactionStatus status() {
        return status;
    }

    /** Begins the transaction that several statements of one simple query have together, unless there is one. */
    void beginImplicit() throws SQLException {
        if (status == TransactionStatus.IDLE) {
            engine.begin();
            status = TransactionStatus.OPEN;
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
            case IDLE -> {
                engine.begin();
                status = TransactionStatus.OPEN;
            }
            case OPEN -> implicit = false; // PostgreSQL only warns where there is one already
            case FAILED -> requireUsable();
        }
    }

    private void end(boolean commits) throws SQLException {
        status = TransactionStatus.IDLE;
        implicit = false;
        engine.end(commits);
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
