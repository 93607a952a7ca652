package dev.groundplane.platform.store;

import java.sql.SQLException;

/**
 * The body of a transaction. It may run for a short time only and touch nothing but the store: every other write waits for
 * it.
 *
 * @param <R> what it returns
 */
@FunctionalInterface
public interface Work<R> {
    /** Runs the transaction's body; whatever it throws undoes it. */
    R in(Transaction transaction) throws SQLException;
}
