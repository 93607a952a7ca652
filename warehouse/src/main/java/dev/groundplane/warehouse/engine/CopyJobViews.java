package dev.groundplane.warehouse.engine;

import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** What the system views of copy jobs are made of: the tables of all databases, as views. */
final class CopyJobViews {
    /** With the columns that they have, of which the first is the database. */
    private static final List<String> VIEWS = List.of("copy_job", "copy_job_file", "copy_job_message");

    private CopyJobViews() {}

    /** Makes the views for the databases that there are now. */
    static void make(Statement statement) throws SQLException {
        var databases = PrivilegeViews.databases(statement);
        for (var view : VIEWS) {
            var parts = databases.stream()
                    .map(database -> "SELECT %s AS database_name, * FROM %s.%s.%s"
                            .formatted(Names.literal(database), Names.quote(database), HiddenSchema.NAME, view))
                    .collect(Collectors.joining(" UNION ALL "));
            statement.execute("CREATE OR REPLACE VIEW sys.%s.%s AS %s".formatted(HiddenSchema.NAME, view, parts));
        }
    }
}
