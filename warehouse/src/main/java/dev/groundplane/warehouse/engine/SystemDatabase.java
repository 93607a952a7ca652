package dev.groundplane.warehouse.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What Redshift has and the engine does not: functions and system views, in a database {@code sys} that is made anew with each
 * engine and lies in memory.
 */
final class SystemDatabase {
    /** The schemas in which names without one are looked for, after the session's own. */
    static final String SEARCH_PATH = "sys.functions,sys.catalog";

    /** Each schema's scripts, in this order. */
    private static final Map<String, List<String>> SCRIPTS = new LinkedHashMap<>();

    static {
        SCRIPTS.put("functions", List.of("functions", "dates", "texts", "numbers", "super", "information"));
        SCRIPTS.put("catalog", List.of("catalog"));
    }

    private static final Pattern END_OF_STATEMENT = Pattern.compile(";\\s*(\n|$)");

    private SystemDatabase() {}

    static void make(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("ATTACH ':memory:' AS sys");
            // One commit is faster than one for each definition.
            statement.execute("BEGIN TRANSACTION");
            for (var schema : SCRIPTS.entrySet()) {
                statement.execute("CREATE SCHEMA sys." + schema.getKey());
                statement.execute("USE sys." + schema.getKey());
                for (var name : schema.getValue()) {
                    for (var definition : END_OF_STATEMENT.split(script(name + ".sql"))) {
                        statement.execute(definition);
                    }
                }
            }
            statement.execute("COMMIT");
            statement.execute("USE memory");
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
