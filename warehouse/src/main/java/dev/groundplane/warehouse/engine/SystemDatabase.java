package dev.groundplane.warehouse.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What Redshift has and the engine does not: functions and system views, in a database {@code sys} that is made anew with each
 * engine and lies in memory.
 */
final class SystemDatabase {
    /** The schemas in which names without one are looked for, after the session's own. */
    static final String SEARCH_PATH = "sys.functions,sys.catalog";

    private static final Pattern END_OF_STATEMENT = Pattern.compile(";\\s*(\n|$)");

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
            new Script("catalog", "privilege_views.sql"),
            new Script("information", "information.sql"),
            new Script("catalog", "postgres_catalog.sql"),
            new Script("functions", "postgres_functions.sql"));

    private SystemDatabase() {}

    static void make(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("ATTACH ':memory:' AS sys");
            // One commit is faster than one for each definition.
            statement.execute("BEGIN TRANSACTION");
            for (var schema : List.of(HiddenSchema.NAME, "functions", "catalog", "information")) {
                statement.execute("CREATE SCHEMA sys." + schema);
            }
            for (var script : SCRIPTS) {
                statement.execute("USE sys." + script.schema());
                run(statement, script.name());
            }
            statement.execute("COMMIT");
            run(statement, "load_history.sql"); // its tables are in a file, and a transaction writes into one database
            statement.execute("USE memory");
        }
    }

    private static void run(Statement statement, String script) throws SQLException {
        for (var definition : END_OF_STATEMENT.split(script(script))) {
            statement.execute(definition);
        }
    }

    private static String script(String name) {
        try (var stream = SystemDatabase.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing beside " + SystemDatabase.class);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
