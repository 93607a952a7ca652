package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** Makes the file that {@link SystemDatabase} is copied from; a step of the build. */
final class SystemDatabaseBuild {
    private record Script(String schema, String name) {}

    /** Later ones may use what earlier ones define. */
    private static final List<Script> SCRIPTS = List.of(
            new Script(HiddenSchema.NAME, "principals.sql"),
            new Script("functions", "functions.sql"),
            new Script("functions", "dates.sql"),
            new Script("functions", "texts.sql"),
            new Script("functions", "numbers.sql"),
            new Script("functions", "super.sql"),
            new Script("functions", "session.sql"),
            new Script("functions", "privileges.sql"),
            new Script("catalog", "tables.sql"),
            new Script("catalog", "catalog.sql"),
            new Script("catalog", "serverless_usage.sql"),
            new Script("catalog", "privilege_views.sql"),
            new Script("catalog", "policies.sql"),
            new Script("catalog", "integrations.sql"),
            new Script("catalog", "load_history.sql"),
            new Script("catalog", "copy_jobs.sql"),
            new Script("catalog", "history.sql"),
            new Script("information", "information.sql"),
            new Script("catalog", "postgres_catalog.sql"),
            new Script("functions", "postgres_functions.sql"));

    private SystemDatabaseBuild() {}

    /** @param words the file, whose directory there is */
    public static void main(String[] words) throws IOException, SQLException {
        var file = Path.of(words[0]);
        Files.deleteIfExists(file);
        try (var connection = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                var statement = connection.createStatement()) {
            ScalarFunctions.register(connection, new Callers(), (signal, process, caller) -> false);
            ScalarFunctions.register(connection, source -> SystemSource.NOTHING);
            statement.execute("ATTACH ':memory:' AS " + HistoryDatabase.NAME);
            SqlScript.run(statement, "load_history_tables.sql");
            SqlScript.run(statement, "history_tables.sql");
            statement.execute("ATTACH %s AS sys".formatted(Names.literal(file.toString())));
            for (var schema : List.of(HiddenSchema.NAME, "functions", "catalog", "information")) {
                statement.execute("CREATE SCHEMA sys." + schema);
            }
            for (var script : SCRIPTS) {
                statement.execute("USE sys." + script.schema());
                SqlScript.run(statement, script.name());
            }
            statement.execute("USE memory");
            statement.execute("DETACH sys"); // which writes all into the one file
        }
    }
}
