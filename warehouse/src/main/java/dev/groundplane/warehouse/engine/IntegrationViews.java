package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the system views of integrations are made of: the tables of all databases that follow a source, as views. */
final class IntegrationViews {
    /** With the columns that they have, of which the first is the database. */
    private static final List<String> VIEWS =
            List.of("replication", "replicated_table", "replication_activity", "replication_table_activity");

    private IntegrationViews() {}

    /**
     * Makes the views for the databases that there are now.
     *
     * @return those that follow a source
     */
    static Set<String> make(Statement statement) throws SQLException {
        var following = new HashSet<String>();
        for (var view : VIEWS) {
            var databases = new ArrayList<String>();
            try (var found = statement.executeQuery(
                    "SELECT database_name FROM duckdb_tables() WHERE schema_name = '%s' AND table_name = '%s' AND database_name <> 'sys'"
                            .formatted(HiddenSchema.NAME, view))) {
                while (found.next()) {
                    databases.add(found.getString(1));
                }
            }
            var query = new StringBuilder("SELECT * FROM sys.%s.no_%s".formatted(HiddenSchema.NAME, view));
            for (var database : databases) {
                // Those that nothing has followed with yet since an update have fewer columns.
                query.append(" UNION ALL BY NAME SELECT %s AS database_name, * FROM %s.%s.%s"
                        .formatted(Names.literal(database), Names.quote(database), HiddenSchema.NAME, view));
            }
            statement.execute("CREATE OR REPLACE VIEW sys.%s.%s AS %s".formatted(HiddenSchema.NAME, view, query));
            following.addAll(databases);
        }
        return Set.copyOf(following);
    }
}
