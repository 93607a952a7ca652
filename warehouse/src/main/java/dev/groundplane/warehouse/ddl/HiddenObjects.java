package dev.groundplane.warehouse.ddl;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.HiddenSchema;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What tables and views have in the hidden schema. */
final class HiddenObjects {
    private static final String SEQUENCES_WITHOUT_COLUMN = """
            SELECT database_name, sequence_name FROM duckdb_sequences() s
            WHERE starts_with(sequence_name, '%s') AND database_name IN (current_database(), 'temp')
                AND NOT EXISTS (FROM duckdb_columns() c WHERE contains(c.column_default, s.sequence_name))""".formatted(IdentitySequences.PREFIX);
    private static final String ROWS_WITHOUT_VIEW = """
            SELECT database_name, table_name FROM duckdb_tables() t
            WHERE schema_name = '%s' AND database_name = current_database()
                AND NOT EXISTS (FROM duckdb_views() v
                    WHERE v.database_name = t.database_name AND contains(v.sql, t.table_name))""".formatted(HiddenSchema.MAIN);

    private HiddenObjects() {}

    /** Drops those whose table or view is gone. */
    static void sweep(EngineSession engine) throws SQLException {
        drop(engine, "SEQUENCE", engine.rows(SEQUENCES_WITHOUT_COLUMN));
        drop(engine, "TABLE", engine.rows(ROWS_WITHOUT_VIEW));
    }

    private static void drop(EngineSession engine, String kind, List<? extends List<? extends @Nullable String>> names)
            throws SQLException {
        for (var name : names) {
            engine.run("DROP %s %s"
                    .formatted(
                            kind,
                            Relation.sql(
                                    Objects.requireNonNull(name.getFirst()),
                                    HiddenSchema.MAIN,
                                    Objects.requireNonNull(name.get(1)))));
        }
    }
}
