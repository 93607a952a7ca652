package dev.groundplane.platform.store;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Reads a PostgreSQL database that other processes work on: one snapshot, which later writes of others do not change. Creates,
 * migrates and writes nothing.
 */
public final class PostgresSnapshot {
    private PostgresSnapshot() {}

    /**
     * Runs a query on one snapshot, however long it takes.
     *
     * @throws GroundplaneException when the server is away or the database is none of Groundplane's
     */
    public static <R> R read(PostgresServer server, SqlFunction<R> query) {
        try (Connection connection = server.connect()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return query.apply(connection);
        } catch (SQLException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL,
                    "cannot read the database %s: %s".formatted(server.address(), e.getMessage()),
                    e);
        }
    }
}
