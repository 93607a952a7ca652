package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All that makes a table, in the engine's terms. Immutable. */
record TableDefinition(List<Column> columns, Notes.Relation notes) {
    /**
     * A column.
     *
     * @param check the constraint that holds values to their length; null for none
     * @param defaultValue null for none
     */
    record Column(
            String name,
            String engineType,
            @Nullable String check,
            @Nullable String defaultValue,
            boolean notNull,
            Notes.Column notes) {
        Column withNotes(Notes.Column other) {
            return new Column(name, engineType, check, defaultValue, notNull, other);
        }

        Column withDefault(@Nullable String value) {
            return new Column(name, engineType, check, value, notNull, notes);
        }

        Column withNotNull() {
            return new Column(name, engineType, check, defaultValue, true, notes);
        }

        /** As in the engine's definition of the table. */
        String sql() {
            return Names.quote(name) + " " + engineType + (check == null ? "" : " CHECK (" + check + ")")
                    + (defaultValue == null ? "" : " DEFAULT " + defaultValue) + (notNull ? " NOT NULL" : "");
        }
    }

    /** The definition of a table that there is. */
    static TableDefinition of(EngineSession engine, Relation table) throws SQLException {
        var checks = new HashMap<String, String>();
        for (var row : engine.rows(
                "SELECT constraint_column_names[1], expression FROM duckdb_constraints() "
                        + "WHERE constraint_type = 'CHECK' AND database_name = ? AND schema_name = ? AND table_name = ?",
                table.database(),
                table.schema(),
                table.name())) {
            checks.put(Objects.requireNonNull(row.getFirst()), Objects.requireNonNull(row.get(1)));
        }
        var columns = new ArrayList<Column>();
        for (var row : engine.rows(
                "SELECT column_name, data_type, column_default, is_nullable, comment FROM duckdb_columns() "
                        + "WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index",
                table.database(),
                table.schema(),
                table.name())) {
            var name = Objects.requireNonNull(row.getFirst());
            columns.add(new Column(
                    name,
                    Objects.requireNonNull(row.get(1)),
                    checks.get(name),
                    row.get(2),
                    "false".equals(row.get(3)),
                    Notes.column(row.get(4))));
        }
        return new TableDefinition(columns, table.notes());
    }

    /**
     * A column of it.
     *
     * @throws SqlFailure 42703 when it has none of that name
     */
    Column column(String name, Relation table) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> SqlFailure.of(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"%s\" of relation \"%s\" does not exist".formatted(name, table.name())));
    }

    /** Makes the table, without rows. */
    void create(EngineSession engine, Relation place) throws SQLException {
        var sql = String.join(", ", columns.stream().map(Column::sql).toList());
        engine.run("CREATE %s (%s)".formatted(place.created(), sql));
        writeNotes(engine, place);
    }

    /** Writes what the engine does not keep of a table that has just been made. */
    void writeNotes(EngineSession engine, Relation table) throws SQLException {
        if (!notes.equals(Notes.Relation.NONE)) {
            engine.run("COMMENT ON TABLE %s IS %s".formatted(table.sql(), Notes.literal(notes)));
        }
        for (var column : columns) {
            if (!column.notes().equals(Notes.Column.NONE)) {
                writeNotes(engine, table, column.name(), column.notes());
            }
        }
    }

    /** Writes what the engine does not keep of a column. */
    static void writeNotes(EngineSession engine, Relation table, String column, Notes.Column notes)
            throws SQLException {
        engine.run("COMMENT ON COLUMN %s.%s IS %s".formatted(table.sql(), Names.quote(column), Notes.literal(notes)));
    }

    /** As a list for SELECT and INSERT. */
    static String list(List<String> columns) {
        return String.join(", ", columns.stream().map(Names::quote).toList());
    }
}
