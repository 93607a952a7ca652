package dev.groundplane.warehouse.engine;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the engine. Statements commit by themselves unless a transaction was begun. For one thread, but
 * {@link #cancel} may come from any.
 */
public final class EngineSession implements AutoCloseable {
    private final DuckDBConnection connection;
    private final AtomicReference<@Nullable Statement> running = new AtomicReference<>();
    private volatile boolean cancelled;

    private EngineSession(DuckDBConnection connection) {
        this.connection = connection;
    }

    static EngineSession open(DuckDBConnection connection, String database) throws SQLException {
        var session = new EngineSession(connection);
        try {
            session.run("USE %s.public".formatted(Names.quote(database)));
            session.run("SET search_path = '%s.public,%s'"
                    .formatted(Names.quote(database).replace("'", "''"), SystemDatabase.SEARCH_PATH));
            session.run("SET TimeZone = 'UTC'");
            return session;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Runs a statement whose result does not matter. */
    public void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Plans a statement, which tells its columns. The caller closes it. */
    public PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /**
     * Executes a statement to its end; true when it has a result set.
     *
     * @throws QueryCancelled when it was cancelled before it began
     */
    public boolean execute(PreparedStatement statement) throws SQLException {
        running.set(statement);
        try {
            // Whoever cancels sets the mark before looking for the statement, so one of both sees the other.
            if (cancelled) {
                throw new QueryCancelled();
            }
            return statement.execute();
        } finally {
            running.set(null);
        }
    }

    /** A client's next request begins: what was cancelled before is over. */
    public void beginRequest() {
        cancelled = false;
    }

    /** Breaks off the present request: the statement that runs, or the next one of the request. */
    public void cancel() throws SQLException {
        cancelled = true;
        var statement = running.get();
        if (statement != null) {
            statement.cancel();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
