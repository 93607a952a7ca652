package dev.groundplane.warehouse.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * The databases of one namespace: each a file {@code NAME.duckdb} in a directory, which this process alone may open. Thread
 * safe; close it after its sessions.
 */
public final class Engine implements AutoCloseable {
    private static final String SUFFIX = ".duckdb";
    private static final String URL = "jdbc:duckdb:";
    /** The last one keeps all but those that are named before. */
    private static final List<String> LASTING = List.of(
            // 7/2 is 3, as in PostgreSQL.
            "integer_division = true",
            // As PostgreSQL, NULLs count as larger than all else.
            "default_null_order = 'nulls_last_on_asc_first_on_desc'",
            "errors_as_json = true",
            "allowed_configs = ['TimeZone']",
            "enable_external_access = false",
            "lock_configuration = true");

    private final DuckDBConnection root;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("statement timeouts").factory());

    private Engine(DuckDBConnection root) {
        this.root = root;
    }

    /**
     * Opens all databases of a directory. From then on the engine reads and writes nothing else, whatever a statement asks for,
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
        // Nothing is fetched from anywhere.
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        var engine = new Engine((DuckDBConnection) new DuckDBDriver().connect(URL, properties));
        ScalarFunctions.register(engine.root);
        SystemDatabase.make(engine.root);
        try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                engine.attach(file, name.substring(0, name.length() - SUFFIX.length()));
            }
            engine.attach(directory.resolve(database + SUFFIX), database);
            engine.settle();
        } catch (IOException | SQLException e) {
            engine.close();
            throw e;
        }
        return engine;
    }

    private void settle() throws SQLException {
        try (var statement = root.createStatement()) {
            for (var setting : LASTING) {
                statement.execute("SET GLOBAL " + setting);
            }
        }
    }

    private void attach(Path file, String database) throws SQLException {
        try (var statement = root.createStatement()) {
            var name = Names.quote(database);
            statement.execute(
                    "ATTACH IF NOT EXISTS '%s' AS %s".formatted(file.toString().replace("'", "''"), name));
            statement.execute("CREATE SCHEMA IF NOT EXISTS %s.public".formatted(name));
        }
    }

    /**
     * A session in a database, with an engine connection of its own.
     *
     * @throws SQLException when there is no such database
     */
    public EngineSession session(String database) throws SQLException {
        return EngineSession.open(root.duplicate(), database, timer);
    }

    @Override
    public void close() throws SQLException {
        timer.shutdownNow();
        root.close();
    }
}
