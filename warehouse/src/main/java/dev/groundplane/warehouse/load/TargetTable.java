package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.CopyCommand;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table that rows are loaded into.
 *
 * @param database of the engine; {@code temp} for a session's own
 * @param id the engine's number of it
 * @param sqlName in the engine's SQL
 * @param columns those that fields become values of, in the order of the fields
 */
record TargetTable(String database, String schema, String name, long id, String sqlName, List<TargetColumn> columns) {
    private static final int LONGEST_TEXT = 65_535;
    /** Lengths are the engine's as constraints: {@code strlen(name) <= 20}, {@code strlen(rtrim(name, ' ')) <= 3}. */
    private static final Pattern LENGTH =
            Pattern.compile("strlen\\((?:rtrim\\()?\"?(.+?)\"?(?:, ' '\\))?\\) <= (\\d+)");

    /**
     * The table and columns that a command names.
     *
     * @throws SqlFailure when there are none such
     */
    static TargetTable of(EngineSession engine, CopyCommand command) throws SQLException {
        var names = command.table();
        var table = names.getLast();
        var schema = names.size() > 1 ? names.get(names.size() - 2) : null;
        var found = engine.rows(
                """
                SELECT database_name, schema_name, table_name, table_oid FROM duckdb_tables()
                WHERE lower(table_name) = ?
                    AND CASE WHEN ? = '' THEN temporary OR list_contains(main.current_schemas(false), schema_name)
                        ELSE lower(schema_name) = ? END
                    AND (temporary OR lower(database_name) = ?)
                ORDER BY temporary DESC, list_position(main.current_schemas(false), schema_name) LIMIT 1
                """,
                table,
                schema == null ? "" : schema,
                schema == null ? "" : schema,
                (names.size() > 2 ? names.getFirst() : engine.database()).toLowerCase(Locale.ROOT));
        if (found.isEmpty()) {
            throw SqlFailure.of(
                    SqlState.UNDEFINED_TABLE,
                    "Cannot COPY into nonexistent table %s".formatted(String.join(".", names)));
        }
        var row = found.getFirst();
        var id = row.get(3);
        var sqlName = row.subList(0, 3).stream()
                .map(String::valueOf)
                .map(Names::quote)
                .collect(Collectors.joining("."));
        var all = columns(engine, String.valueOf(row.get(0)), String.valueOf(id));
        return new TargetTable(
                String.valueOf(row.get(0)),
                String.valueOf(row.get(1)),
                String.valueOf(row.get(2)),
                Long.parseLong(String.valueOf(id)),
                sqlName,
                chosen(command, all));
    }

    private static List<TargetColumn> columns(EngineSession engine, String database, String id) throws SQLException {
        var lengths = new HashMap<String, Integer>();
        for (var constraint : engine.rows(
                "SELECT constraint_text FROM duckdb_constraints() WHERE database_name = ? AND table_oid = ?::BIGINT",
                database,
                id)) {
            var matcher = LENGTH.matcher(String.valueOf(constraint.getFirst()));
            if (matcher.find()) {
                lengths.put(matcher.group(1).toLowerCase(Locale.ROOT), Integer.parseInt(matcher.group(2)));
            }
        }
        var columns = new ArrayList<TargetColumn>();
        for (var row : engine.rows("""
                SELECT column_name, data_type, is_nullable, column_default FROM duckdb_columns()
                WHERE database_name = ? AND table_oid = ?::BIGINT ORDER BY column_index""", database, id)) {
            var name = String.valueOf(row.get(0));
            columns.add(new TargetColumn(
                    name,
                    String.valueOf(row.get(1)),
                    Boolean.parseBoolean(row.get(2)),
                    lengths.getOrDefault(name.toLowerCase(Locale.ROOT), LONGEST_TEXT),
                    String.valueOf(row.get(3)).contains("nextval(")));
        }
        return columns;
    }

    private static List<TargetColumn> chosen(CopyCommand command, List<TargetColumn> all) {
        if (command.columns().isEmpty()) {
            return all.stream()
                    .filter(column -> !column.identity() || command.explicitIds())
                    .toList();
        }
        Map<String, TargetColumn> byName = all.stream()
                .collect(Collectors.toMap(column -> column.name().toLowerCase(Locale.ROOT), column -> column));
        var chosen = new ArrayList<TargetColumn>();
        for (var name : command.columns()) {
            var column = byName.get(name);
            if (column == null) {
                throw SqlFailure.of(
                        SqlState.UNDEFINED_COLUMN,
                        "column \"%s\" of relation \"%s\" does not exist"
                                .formatted(name, command.table().getLast()));
            }
            if (column.identity() && !command.explicitIds()) {
                throw SqlFailure.of(
                        SqlState.INTERNAL_ERROR,
                        "cannot load the identity column \"%s\" without EXPLICIT_IDS".formatted(name));
            }
            chosen.add(column);
        }
        return chosen;
    }

    /** The names of the columns in the engine's SQL. */
    String sqlColumns() {
        return columns.stream().map(TargetColumn::name).map(Names::quote).collect(Collectors.joining(", "));
    }
}
