package dev.groundplane.platform.store;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.ResourceChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SQLite's own lock keeps other writers out; there are no other processes to tell. */
final class SqliteWriter implements WriterConnection {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);

    private final Connection connection;

    SqliteWriter(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Connection begin() throws SQLException {
        execute("BEGIN IMMEDIATE");
        return connection;
    }

    @Override
    public void commit(Set<ResourceChange> changes) throws SQLException {
        execute("COMMIT");
    }

    @Override
    public void rollback() {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            LOG.debug("nothing to roll back: {}", e.getMessage());
        }
    }

    /** Prepared, so that the connection keeps it. */
    private void execute(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    @Override
    public GroundplaneException failure(String what, SQLException cause) {
        return SqliteDatabase.failure(what, cause);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
