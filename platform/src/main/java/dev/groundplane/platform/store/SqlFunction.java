package dev.groundplane.platform.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Reads from the database.
 *
 * @param <R> what it returns
 */
@FunctionalInterface
public interface SqlFunction<R> {
    /** Runs on a connection that is lent for the length of the call. */
    R apply(Connection connection) throws SQLException;
}
