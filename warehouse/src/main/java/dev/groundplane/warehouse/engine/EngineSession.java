package dev.groundplane.warehouse.engine;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the engine. Statements commit by themselves unless a transaction was begun. For one thread, but
 * {@link #cancel} may come from any.
 */
public final class EngineSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EngineSession.class);

    private final DuckDBConnection connection;
    private final String database;
    private final ScheduledExecutorService timer;
    private final AtomicReference<@Nullable Statement> running = new AtomicReference<>();
    private volatile boolean cancelled;

    private EngineSession(DuckDBConnection connection, String database, ScheduledExecutorService timer) {
        this.connection = connection;
        this.database = database;
        this.timer = timer;
    }

    /** @param timer ends statements whose time is over */
    static EngineSession open(DuckDBConnection connection, String database, ScheduledExecutorService timer)
            throws SQLException {
        var session = new EngineSession(connection, database, timer);
        try {
            session.run("USE %s.public".formatted(Names.quote(database)));
            return session;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The name of its database. */
    public String database() {
        return database;
    }

    /** Whether there is something that ends with this connection. */
    public boolean hasTemporaryObjects() throws SQLException {
        try (var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT 1 FROM duckdb_tables() WHERE temporary"
                        + " UNION ALL SELECT 1 FROM duckdb_views() WHERE temporary AND NOT internal"
                        + " UNION ALL SELECT 1 FROM duckdb_sequences() WHERE temporary LIMIT 1")) {
            return found.next();
        }
    }

    /** The zone that timestamps with one are shown in. */
    public void timeZone(String zone) throws SQLException {
        run("SET TimeZone = '%s'".formatted(zone.replace("'", "''")));
    }

    /**
     * Where names without a schema are looked for; the first of the schemas that there are is where new tables are made.
     *
     * @return whether there is any of them; if not, all stays as it was
     */
    public boolean searchPath(List<String> schemas) throws SQLException {
        var path = new ArrayList<String>();
        try (var exists = connection.prepareStatement(
                "SELECT 1 FROM duckdb_schemas() WHERE database_name = ? AND schema_name = ?")) {
            for (var schema : schemas) {
                exists.setString(1, database);
                exists.setString(2, schema);
                try (var found = exists.executeQuery()) {
                    if (found.next()) {
                        path.add(Names.quote(database) + "." + Names.quote(schema));
                    }
                }
            }
        }
        if (path.isEmpty()) {
            return false;
        }
        path.add(SystemDatabase.SEARCH_PATH);
        run("SET search_path = '%s'".formatted(String.join(",", path).replace("'", "''")));
        return true;
    }

    /** Runs a statement whose result does not matter. */
    public void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs statements whose results do not matter in a transaction of their own, apart from the session's. */
    public void runApart(List<String> statements) throws SQLException {
        try (var apart = connection.duplicate();
                var statement = apart.createStatement()) {
            statement.execute("BEGIN");
            for (var sql : statements) {
                statement.execute(sql);
            }
            statement.execute("COMMIT");
        }
    }

    /** Plans a statement, which tells its columns. The caller closes it. */
    public PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /**
     * Executes a statement to its end; true when it has a result set.
     *
     * @param limit after so long it is cancelled; zero for never
     * @throws QueryCancelled when it was cancelled before it began
     */
    public boolean execute(PreparedStatement statement, Duration limit) throws SQLException {
        running.set(statement);
        var timeout = limit.isZero() ? null : timer.schedule(this::timedOut, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            // Whoever cancels sets the mark before looking for the statement, so one of both sees the other.
            if (cancelled) {
                throw new QueryCancelled();
            }
            return statement.execute();
        } finally {
            running.set(null);
            if (timeout != null && !timeout.cancel(false)) {
                cancelled = false; // its time was over; the next statement has its own
            }
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

    private void timedOut() {
        try {
            cancel();
        } catch (SQLException e) {
            log.error("a statement whose time is over cannot be cancelled", e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
