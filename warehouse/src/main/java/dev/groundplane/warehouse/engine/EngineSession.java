package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the engine. Statements commit by themselves unless a transaction was begun. For one thread, but
 * {@link #cancel} may come from any.
 */
public final class EngineSession implements AutoCloseable {
    private static final String PUBLIC = "public";
    private static final List<String> LAST_LOADS =
            List.of("pg_last_copy_id", "pg_last_copy_count", "pg_last_unload_count");

    private final DuckDBConnection connection;
    private final String database;
    private final Databases databases;
    private final Callers callers;
    private final Interruption interruption;
    private List<String> path = List.of(PUBLIC);
    private @Nullable String caller;
    private final KnownDefinitions known;
    private boolean inTransaction;
    /** How many were begun. */
    private int transactions;
    /** Whether a statement goes on that changes definitions. */
    private boolean defining;
    /** Whether the transaction has changed some, which others see when it ends. */
    private boolean redefined;

    private EngineSession(
            DuckDBConnection connection,
            String database,
            Databases databases,
            Callers callers,
            ScheduledExecutorService timer) {
        this.connection = connection;
        this.database = database;
        this.databases = databases;
        this.callers = callers;
        this.known = new KnownDefinitions(databases);
        this.interruption = new Interruption(timer);
    }

    /** @param timer ends statements whose time is over */
    static EngineSession open(
            DuckDBConnection connection,
            String database,
            Databases databases,
            Callers callers,
            ScheduledExecutorService timer)
            throws SQLException {
        var session = new EngineSession(connection, database, databases, callers, timer);
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
        transactions++;
    }

    /** Ends the transaction; whatever comes of it, there is none afterwards. */
    public void end(boolean commits) throws SQLException {
        inTransaction = false;
        try {
            run(commits ? "COMMIT" : "ROLLBACK");
        } finally {
            if (redefined) {
                databases.redefined();
                redefined = false;
            }
        }
    }

    /** A statement begins that changes what definitions or privileges there are; {@link #defined} follows. */
    public void define() {
        defining = true;
        redefine();
    }

    /** Definitions were changed; others see that when the transaction ends. */
    public void redefine() {
        redefined = true;
        databases.redefined();
    }

    /** A number that is another one after somebody has changed definitions or privileges. */
    public long definitions() {
        return databases.definitions();
    }

    /** It has ended, if not yet its transaction. */
    public void defined() {
        defining = false;
        databases.redefined();
    }

    /**
     * What the engine tells of definitions or privileges, as it is now; it is asked only after somebody has changed some.
     *
     * @param question equal to others with the same answer
     * @param asked gives an answer that nobody changes
     */
    public <T> T known(Record question, Steps<T> asked) throws SQLException {
        return defining ? asked.run() : known.get(question, asked, inTransaction ? transactions : 0);
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
        run("SET TimeZone = " + Names.literal(zone));
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
        run("SET search_path = " + Names.literal(names + "," + SystemDatabase.SEARCH_PATH));
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
    public void user(int id, String user, String sessionUser) throws SQLException {
        forgetCaller();
        caller = callers.add(id);
        run("SET VARIABLE groundplane_caller = " + Names.literal(caller));
        run("SET VARIABLE groundplane_user_id = " + id);
        run("SET VARIABLE groundplane_user = " + Names.literal(user));
        run("SET VARIABLE groundplane_session_user = " + Names.literal(sessionUser));
    }

    private void forgetCaller() {
        if (caller != null) {
            callers.remove(caller);
            caller = null;
        }
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

    /** Plans a statement, which tells its columns. The caller closes it. */
    public PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    /**
     * Executes a statement to its end.
     *
     * @param limit after so long it is cancelled; zero for never
     * @throws QueryCancelled when it was cancelled before it began
     */
    public void execute(PreparedStatement statement, Duration limit) throws SQLException {
        within(limit, () -> {
            execute(statement);
            return true;
        });
    }

    /** The same without a limit of its own. */
    public void execute(PreparedStatement statement) throws SQLException {
        interruptibly(statement, statement::execute);
    }

    /**
     * Executes a statement to its end that gives rows.
     *
     * @param limit as with {@link #execute}
     */
    public EngineRows query(PreparedStatement statement, Duration limit) throws SQLException {
        var types = types(statement.getMetaData());
        return within(
                limit,
                () -> interruptibly(
                        statement,
                        () -> ChunkedRows.canRead(types)
                                ? new ChunkedRows(
                                        statement
                                                .unwrap(DuckDBPreparedStatement.class)
                                                .query(),
                                        types)
                                : rows(statement.executeQuery(), types)));
    }

    private static List<String> types(ResultSetMetaData described) throws SQLException {
        var types = new ArrayList<String>();
        for (var column = 1; column <= described.getColumnCount(); column++) {
            types.add(described.getColumnTypeName(column));
        }
        return types;
    }

    private static EngineRows rows(ResultSet result, List<String> planned) throws SQLException {
        if (!types(result.getMetaData()).equals(planned)) {
            result.close();
            throw new PlanOutdated(null);
        }
        return new ResultSetRows(result);
    }

    private <T> T interruptibly(PreparedStatement statement, Steps<T> steps) throws SQLException {
        interruption.begin(statement::cancel);
        try {
            return steps.run();
        } finally {
            interruption.end();
        }
    }

    /**
     * Does several steps, in the engine and outside, within one limit of time.
     *
     * @param limit after so long the step that goes on is cancelled and none begins any more; zero for never
     */
    public <T> T within(Duration limit, Steps<T> steps) throws SQLException {
        try (var _ = interruption.limit(limit)) {
            return steps.run();
        }
    }

    /** Steps with a result. */
    @FunctionalInterface
    public interface Steps<T> {
        T run() throws SQLException;
    }

    /**
     * Waits for work outside of the engine, on a virtual thread of its own. When the session is cancelled that is interrupted, which
     * also breaks its connections, and nobody waits for it any more.
     *
     * @throws QueryCancelled when it was cancelled, or before it began
     * @throws UncheckedIOException when it failed to read or write
     */
    public <T> T outside(Callable<T> work) throws SQLException {
        var task = new FutureTask<>(work);
        interruption.begin(() -> task.cancel(true));
        try {
            Thread.ofVirtual().name("outside the engine").start(task);
            return task.get();
        } catch (CancellationException e) {
            throw new QueryCancelled();
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new QueryCancelled();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case IOException failure -> throw new UncheckedIOException(failure);
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            interruption.end();
        }
    }

    /** @throws QueryCancelled when the present request was cancelled; for work between two steps */
    public void requireGoing() throws QueryCancelled {
        interruption.requireGoing();
    }

    /** Adds rows to a table of any database. The caller closes it. */
    public DuckDBAppender appender(String catalog, String schema, String table) throws SQLException {
        return connection.createAppender(catalog, schema, table);
    }

    /** The numbers that functions tell of what the session loaded and unloaded last; null where it has not. */
    public List<@Nullable Long> lastLoads() throws SQLException {
        var variables = LAST_LOADS.stream()
                .map(name -> "getvariable('%s')".formatted(name))
                .collect(Collectors.joining(", "));
        var numbers = new ArrayList<@Nullable Long>();
        for (var value : rows("SELECT " + variables).getFirst()) {
            numbers.add(value == null ? null : Long.valueOf(value));
        }
        return numbers;
    }

    /** Has functions tell these numbers, as {@link #lastLoads} gave them. */
    public void lastLoads(List<@Nullable Long> numbers) throws SQLException {
        for (var i = 0; i < numbers.size(); i++) {
            var number = numbers.get(i);
            if (number != null) {
                run("SET VARIABLE %s = %d".formatted(LAST_LOADS.get(i), number));
            }
        }
    }

    /** A client's next request begins. */
    public void beginRequest() {
        interruption.beginRequest();
    }

    /** The client's request was answered. */
    public void endRequest() {
        interruption.endRequest();
    }

    /** Breaks off the present request: what runs of it, and what would follow. Between two requests it does nothing. */
    public void cancel() {
        cancel(null);
    }

    /** @param reason for the client; null for none in particular */
    public void cancel(@Nullable String reason) {
        interruption.cancel(reason);
    }

    /** Why the present request was cancelled, for its client; null when nobody said. */
    public @Nullable String cancelReason() {
        return interruption.reason();
    }

    @Override
    public void close() throws SQLException {
        forgetCaller();
        databases.leave(database);
        connection.close();
    }
}
