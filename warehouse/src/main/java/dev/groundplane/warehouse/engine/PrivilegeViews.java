package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the system views about users and privileges are made of, in a schema of the system database that users' statements cannot
 * reach: the users as tables, and the privileges of all databases as views.
 */
final class PrivilegeViews {
    private static final String SCHEMA = "sys." + HiddenSchema.NAME;
    private static final String USER_DATABASES =
            "SELECT database_name FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('%s', 'memory', '%s')"
                    .formatted(SystemDatabase.NAME, HistoryDatabase.NAME);

    private PrivilegeViews() {}

    /** Makes the views for the databases that there are now. */
    static void make(Statement statement) throws SQLException {
        for (var table : List.of(
                "object_owner",
                "object_privilege",
                "default_privilege",
                "policy",
                "policy_attachment",
                "policy_relation",
                "policy_permission")) {
            var parts = databases(statement).stream()
                    .map(database -> "SELECT %s AS database_name, * FROM %s.%s.%s"
                            .formatted(Names.literal(database), Names.quote(database), HiddenSchema.NAME, table))
                    .collect(Collectors.joining(" UNION ALL "));
            statement.execute("CREATE OR REPLACE VIEW %s.%s AS %s".formatted(SCHEMA, table, parts));
        }
    }

    static List<String> databases(Statement statement) throws SQLException {
        var names = new ArrayList<String>();
        try (var found = statement.executeQuery(USER_DATABASES)) {
            while (found.next()) {
                names.add(found.getString(1));
            }
        }
        return names;
    }

    /** Replaces all rows of tables at once. */
    static void fill(Connection connection, Map<String, List<List<Object>>> tables) throws SQLException {
        connection.setAutoCommit(false);
        for (var table : tables.entrySet()) {
            try (var statement = connection.createStatement()) {
                statement.execute("DELETE FROM %s.%s".formatted(SCHEMA, table.getKey()));
            }
            for (var row : table.getValue()) {
                var marks = row.stream().map(value -> "?").collect(Collectors.joining(", "));
                try (var insert = connection.prepareStatement(
                        "INSERT INTO %s.%s VALUES (%s)".formatted(SCHEMA, table.getKey(), marks))) {
                    for (var i = 0; i < row.size(); i++) {
                        insert.setObject(i + 1, row.get(i));
                    }
                    insert.executeUpdate();
                }
            }
        }
        connection.commit();
    }
}
