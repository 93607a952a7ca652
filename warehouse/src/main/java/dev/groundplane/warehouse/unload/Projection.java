package dev.groundplane.warehouse.unload;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.UnloadCommand;
import dev.groundplane.warehouse.sql.UnloadFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is written of a query: its columns as the format has them.
 *
 * @param sql a query of the engine
 * @param options of the engine's COPY
 */
record Projection(String sql, String options) {
    /** @param type the engine's */
    record Column(String name, String type) {}

    static Projection of(UnloadCommand command, String query, List<Column> columns) {
        for (var name : command.partition()) {
            if (columns.stream().noneMatch(column -> column.name().equalsIgnoreCase(name))) {
                throw SqlFailure.of(
                        SqlState.UNDEFINED_COLUMN, "column \"%s\" of PARTITION BY is not in the query".formatted(name));
            }
        }
        var from = " FROM (%s) AS unloaded".formatted(query);
        var projection = switch (command.format()) {
            case UnloadFormat.Parquet() -> new Projection("SELECT " + values(columns) + from, "FORMAT parquet");
            case UnloadFormat.Json() -> new Projection("SELECT " + values(columns) + from, "FORMAT json");
            case UnloadFormat.Csv(var delimiter, var nullString, var header) ->
                new Projection(
                        "SELECT "
                                + columns.stream()
                                        .map(column -> text(column) + " AS " + Names.quote(column.name()))
                                        .collect(Collectors.joining(", "))
                                + from,
                        "FORMAT csv, HEADER %s, DELIMITER %s, QUOTE '\"', ESCAPE '\"', NULLSTR %s"
                                .formatted(
                                        header, Names.literal(String.valueOf(delimiter)), Names.literal(nullString)));
            case UnloadFormat.Delimited delimited -> lines(command, delimited, columns, from);
        };
        return command.partition().isEmpty()
                ? projection
                : new Projection(
                        projection.sql(),
                        projection.options()
                                + ", PARTITION_BY (%s), WRITE_PARTITION_COLUMNS %s"
                                        .formatted(
                                                command.partition().stream()
                                                        .map(Names::quote)
                                                        .collect(Collectors.joining(", ")),
                                                command.includesPartition()
                                                        && !(command.format() instanceof UnloadFormat.Delimited)));
    }

    /** One column with whole lines, for which the engine has no format. */
    private static Projection lines(
            UnloadCommand command, UnloadFormat.Delimited format, List<Column> columns, String from) {
        var delimiter = String.valueOf(format.delimiter());
        var fields = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (var column : columns) {
            var isFolder = command.partition().stream().anyMatch(name -> name.equalsIgnoreCase(column.name()));
            if (!isFolder || command.includesPartition()) {
                fields.add("coalesce(%s, %s)".formatted(field(column, format), Names.literal(format.nullString())));
                names.add(column.name());
            }
        }
        var sql = new StringBuilder("SELECT ")
                .append(String.join(" || %s || ".formatted(Names.literal(delimiter)), fields))
                .append(" AS ")
                .append(Names.quote(String.join(delimiter, names)));
        for (var name : command.partition()) {
            sql.append(", ").append(Names.quote(name));
        }
        return new Projection(
                sql + from,
                "FORMAT csv, HEADER %s, QUOTE '', ESCAPE '', DELIMITER %s"
                        .formatted(format.header(), Names.literal(delimiter)));
    }

    private static String field(Column column, UnloadFormat.Delimited format) {
        var text = text(column);
        if (format.escape() && isText(column)) {
            // The delimiter by its code: it may mean something to the expression.
            text = "main.regexp_replace(%s, '([\\n\\r\\\\\"''\\x{%x}])', '\\\\\\1', 'g')"
                    .formatted(text, (int) format.delimiter());
        }
        return format.addQuotes() ? "'\"' || %s || '\"'".formatted(text) : text;
    }

    private static boolean isText(Column column) {
        return column.type().equals("VARCHAR") || column.type().equals("JSON");
    }

    /** A column as text files have it. */
    private static String text(Column column) {
        var name = Names.quote(column.name());
        return switch (column.type()) {
            case "BOOLEAN" -> "CASE WHEN %1$s THEN 't' WHEN NOT %1$s THEN 'f' END".formatted(name);
            case "FLOAT", "DOUBLE" -> "main.regexp_replace(CAST(%s AS VARCHAR), '\\.0$', '')".formatted(name);
            case "BLOB" -> "lower(hex(%s))".formatted(name);
            default -> "CAST(%s AS VARCHAR)".formatted(name);
        };
    }

    /** All columns; sums of whole numbers, which have a type that no format knows, as decimals. */
    private static String values(List<Column> columns) {
        return columns.stream()
                .map(column -> {
                    var name = Names.quote(column.name());
                    return column.type().equals("HUGEINT")
                            ? "CAST(%1$s AS DECIMAL(38, 0)) AS %1$s".formatted(name)
                            : name;
                })
                .collect(Collectors.joining(", "));
    }
}
