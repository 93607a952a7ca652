package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.EngineFiles;
import dev.groundplane.warehouse.sql.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * The databases of one namespace: each a file {@code NAME.duckdb} in a directory, which this process alone may open. Thread
 * safe; close it after its sessions.
 */
public final class Engine implements AutoCloseable {
    /** The directory beside the databases whose files the engine reads and writes for COPY and UNLOAD. */
    public static final String STAGING = EngineFiles.STAGING;

    private static final String URL = "jdbc:duckdb:";
    /** The last one keeps all but those that are named before. */
    private static final List<String> LASTING = List.of(
            // 7/2 is 3, as in PostgreSQL.
            "integer_division = true",
            // As PostgreSQL, NULLs count as larger than all else.
            "default_null_order = 'nulls_last_on_asc_first_on_desc'",
            "errors_as_json = true",
            // A query that cannot be planned is asked about, not run. Sessions hold failed transactions themselves.
            "default_transaction_invalidation_policy = 'SYNTACTIC_ERRORS_DO_NOT_INVALIDATE'",
            "allowed_configs = ['TimeZone']",
            "enable_external_access = false",
            "lock_configuration = true");

    private final DuckDBConnection root;
    private final Databases databases;
    private final Callers callers = new Callers();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("timeouts").factory());

    private final Map<SystemSource, Supplier<String>> sources = new ConcurrentHashMap<>();
    private volatile BackendSignals signals = (signal, process, caller) -> false;

    private Engine(DuckDBConnection root, Path directory, String database) throws IOException, SQLException {
        this.root = root;
        this.databases = new Databases(root, directory, database);
        timer.setRemoveOnCancelPolicy(true); // nearly all of them are cancelled, and their times are long
        HistoryDatabase.open(root, directory);
        ScalarFunctions.register(root, callers, (signal, process, caller) -> signals.send(signal, process, caller));
        ScalarFunctions.register(
                root,
                source ->
                        sources.getOrDefault(source, () -> SystemSource.NOTHING).get());
        SystemDatabase.make(root, directory);
    }

    /**
     * Opens all databases of a directory. From then on the engine reads and writes nothing else but the staging directory, whatever a statement asks for,
     * and keeps its settings.
     *
     * @param database made if it is not there
     * @param limits what it may use of the machine
     * @throws SQLException when a file is open elsewhere, or damaged: its name is in the message
     */
    public static Engine open(Path directory, String database, EngineLimits limits) throws IOException, SQLException {
        Files.createDirectories(directory);
        var properties = new Properties();
        properties.setProperty("memory_limit", limits.memoryBytes() + "B");
        properties.setProperty("threads", Integer.toString(limits.threads()));
        properties.setProperty("temp_directory", directory.resolve("spill").toString());
        properties.setProperty("max_temp_directory_size", limits.spillBytes() + "B");
        // With threads of their own for writing files, the engine (2.0.0) may wait for itself forever when a COPY that
        // writes one is
        // cancelled.
        properties.setProperty("async_threads", "0");
        // Nothing is fetched from anywhere.
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        var root = (DuckDBConnection) new DuckDBDriver().connect(URL, properties);
        try {
            var engine = new Engine(root, directory, database);
            engine.databases.openAll();
            engine.settle(directory);
            return engine;
        } catch (IOException | SQLException | RuntimeException e) {
            root.close();
            throw e;
        }
    }

    private void settle(Path directory) throws SQLException {
        try (var statement = root.createStatement()) {
            // Where new databases come, and what COPY and UNLOAD work on.
            statement.execute(
                    "SET GLOBAL allowed_directories = [%s]".formatted(Names.literal(directory.toAbsolutePath() + "/")));
            for (var setting : LASTING) {
                statement.execute("SET GLOBAL " + setting);
            }
        }
    }

    /**
     * A session in a database, with an engine connection of its own.
     *
     * @throws SQLException when there is no such database
     */
    public EngineSession session(String database) throws SQLException {
        return EngineSession.open(root.duplicate(), database, databases, callers, timer);
    }

    /** Ends what takes too long; for steps that wait for nothing, because all sessions' are on its one thread. Ends with the engine. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /** Who ends what sessions run, or them, when a statement asks for it. */
    public void signals(BackendSignals backends) {
        signals = backends;
    }

    /**
     * Has the databases' files kept still enough to be copied, until what is returned is closed.
     *
     * @throws SQLException also when a database is dropped at the same time; then it may be tried again
     */
    public HeldCheckpoints holdCheckpoints() throws SQLException {
        return HeldCheckpoints.of(root, databases());
    }

    /** The databases, by name. */
    public List<String> databases() throws SQLException {
        try (var statement = root.createStatement()) {
            return PrivilegeViews.databases(statement);
        }
    }

    /**
     * Has system views show other users, groups and roles.
     *
     * @param tables all rows of each of {@link PrivilegeViews}'s tables
     */
    public void showPrincipals(Map<String, List<List<Object>>> tables) throws SQLException {
        try (var connection = root.duplicate()) {
            PrivilegeViews.fill(connection, tables);
        }
    }

    /** Has system views show what databases follow a source now. */
    public void showIntegrations() throws SQLException {
        databases.show();
    }

    /**
     * Where system views have a source from, each time that they are read.
     *
     * @param values gives an array of JSON; what it throws, a query fails with
     */
    public void provide(SystemSource source, Supplier<String> values) {
        sources.put(source, values);
    }

    @Override
    public void close() throws SQLException {
        timer.shutdownNow();
        root.close();
    }
}
