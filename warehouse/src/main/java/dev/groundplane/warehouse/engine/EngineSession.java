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
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
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

    private static final String PUBLIC = "public";

    private final DuckDBConnection connection;
    private final String database;
    private final Databases databases;
    private final ScheduledExecutorService timer;
    private final AtomicReference<@Nullable Statement> running = new AtomicReference<>();
    private volatile boolean cancelled;
    private volatile @Nullable String cancelReason;
    private List<String> path = List.of(PUBLIC);
    private boolean inTransaction;

    private EngineSession(
            DuckDBConnection connection, String database, Databases databases, ScheduledExecutorService timer) {
        this.connection = connection;
        this.database = database;
        this.databases = databases;
        this.timer = timer;
    }

    /** @param timer ends statements whose time is over */
    static EngineSession open(
            DuckDBConnection connection, String database, Databases databases, ScheduledExecutorService timer)
            throws SQLException {
        var session = new EngineSession(connection, database, databases, timer);
        databases.enter(database);
        try {
            session.run("USE %s.%s".formatted(Names.quote(database), PUBLIC));
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** The database that it works in. */
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

    /** All databases of the namespace. */
    public Databases databases() {
        return databases;
    }

    /** Begins a transaction. */
    public void begin() throws SQLException {
        run("BEGIN");
        inTransaction = true;
    }

    /** Ends the transaction; whatever comes of it, there is none afterwards. */
    public void end(boolean commits) throws SQLException {
        inTransaction = false;
        run(commits ? "COMMIT" : "ROLLBACK");
    }

    /** Whether a transaction was begun and not ended. */
    public boolean inTransaction() {
        return inTransaction;
    }

    /** Several steps that happen together or not at all: a part of the transaction, or one of their own. */
    public void atomically(Work work) throws SQLException {
        if (inTransaction) {
            work.run();
            return;
        }
        begin();
        var done = false;
        try {
            work.run();
            done = true;
        } finally {
            end(done);
        }
    }

    /** Steps with the engine. */
    @FunctionalInterface
    public interface Work {
        void run() throws SQLException;
    }

    /** The number that functions tell of the session. */
    public void process(int number) throws SQLException {
        run("SET VARIABLE session_process = " + number);
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
        var found = new ArrayList<String>();
        try (var exists = connection.prepareStatement(
                "SELECT 1 FROM duckdb_schemas() WHERE database_name = ? AND schema_name = ?")) {
            for (var schema : schemas) {
                exists.setString(1, database);
                exists.setString(2, schema);
                try (var rows = exists.executeQuery()) {
                    if (rows.next() && !schema.equalsIgnoreCase(HiddenSchema.NAME)) {
                        found.add(schema);
                    }
                }
            }
        }
        if (found.isEmpty()) {
            return false;
        }
        var names = found.stream()
                .map(schema -> Names.quote(database) + "." + Names.quote(schema))
                .collect(Collectors.joining(","));
        run("SET search_path = '%s,%s'".formatted(names.replace("'", "''"), SystemDatabase.SEARCH_PATH));
        path = List.copyOf(found);
        return true;
    }

    /** The schemas of the database in which names without one are looked for, first to last. */
    public List<String> path() {
        return path;
    }

    /**
     * Tells the engine's system views and functions for whom they are asked.
     *
     * @param id of the user
     * @param sessionUser who logged in, who may act as another one
     */
    public void user(int id, String user, String sessionUser, boolean superuser) throws SQLException {
        run("SET VARIABLE groundplane_user_id = " + id);
        run("SET VARIABLE groundplane_user = " + literal(user));
        run("SET VARIABLE groundplane_session_user = " + literal(sessionUser));
        run("SET VARIABLE groundplane_superuser = " + superuser);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Runs a statement whose result does not matter. */
    public void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * The rows of a query, with all values as text; null where they are NULL.
     *
     * @param parameters for its question marks
     */
    public List<List<@Nullable String>> rows(String sql, String... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            var rows = new ArrayList<List<@Nullable String>>();
            try (var result = statement.executeQuery()) {
                while (result.next()) {
                    var row = new ArrayList<@Nullable String>();
                    for (var i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        row.add(result.getString(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
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

    /** @throws QueryCancelled when the present request was cancelled; for work that goes on outside of the engine */
    public void requireGoing() throws QueryCancelled {
        if (cancelled) {
            throw new QueryCancelled();
        }
    }

    /** Adds rows to a table of this session's own. The caller closes it. */
    public DuckDBAppender appender(String temporaryTable) throws SQLException {
        return connection.createAppender("temp", "main", temporaryTable);
    }

    /** Adds rows to a table of any database. The caller closes it. */
    public DuckDBAppender appender(String catalog, String schema, String table) throws SQLException {
        return connection.createAppender(catalog, schema, table);
    }

    /** A client's next request begins: what was cancelled before is over. */
    public void beginRequest() {
        cancelled = false;
        cancelReason = null;
    }

    /** Why the present request was cancelled, for its client; null when nobody said. */
    public @Nullable String cancelReason() {
        return cancelReason;
    }

    /** Breaks off the present request: the statement that runs, or the next one of the request. */
    public void cancel() throws SQLException {
        cancel(null);
    }

    /** @param reason for the client; null for none in particular */
    public void cancel(@Nullable String reason) throws SQLException {
        cancelReason = reason;
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
        databases.leave(database);
        connection.close();
    }
}
