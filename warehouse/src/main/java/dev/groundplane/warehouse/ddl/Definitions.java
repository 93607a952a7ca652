package dev.groundplane.warehouse.ddl;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.TableConstraint;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** The statements that would make an object: {@code SHOW TABLE} and {@code SHOW VIEW}. */
final class Definitions {
    private static final Pattern SIMPLE = Pattern.compile("[a-z_][a-z0-9_$]*");

    private final EngineSession engine;
    private final Relations relations;

    Definitions(DdlContext context) {
        this.engine = context.engine();
        this.relations = new Relations(context);
    }

    String of(Ddl.ShowDefinition show) throws SQLException {
        var relation = relations.require(show.name());
        if (relation.isView() != (show.kind() == Kind.VIEW)) {
            throw Relations.wrongKind(relation, show.kind());
        }
        return relation.isView() ? view(relation) : table(relation);
    }

    private static String view(Relation view) {
        var definition = Objects.requireNonNull(view.notes().view());
        var columns = definition.columns().isEmpty()
                ? ""
                : " ("
                        + String.join(
                                ", ",
                                definition.columns().stream()
                                        .map(Definitions::name)
                                        .toList()) + ")";
        return "CREATE %s %s%s AS %s%s;"
                .formatted(
                        view.kind().sql(),
                        qualified(view),
                        columns,
                        definition.text(),
                        definition.lateBinding() ? " WITH NO SCHEMA BINDING" : "");
    }

    private String table(Relation table) throws SQLException {
        var lines = new ArrayList<String>();
        for (var row : engine.rows(
                "SELECT column_name, formatted_type, encoding, coalesce(identity_clause, 'DEFAULT ' || column_default), "
                        + "is_nullable FROM sys.catalog.column_details "
                        + "WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index",
                table.database(),
                table.schema(),
                table.name())) {
            lines.add("    %s %s%s%s ENCODE %s"
                    .formatted(
                            name(Objects.requireNonNull(row.getFirst())),
                            row.get(1),
                            "false".equals(row.get(4)) ? " NOT NULL" : "",
                            row.get(3) == null ? "" : " " + row.get(3),
                            "none".equals(row.get(2)) ? "raw" : row.get(2)));
        }
        for (var key : table.notes().constraints()) {
            lines.add("    " + constraint(key));
        }
        return "CREATE %sTABLE %s (\n%s\n)%s;"
                .formatted(
                        table.isTemporary() ? "TEMP " : "",
                        qualified(table),
                        String.join(",\n", lines),
                        options(table));
    }

    private static String constraint(TableConstraint key) {
        var refers = key.table().isEmpty()
                ? ""
                : " REFERENCES "
                        + String.join(
                                ".", key.table().stream().map(Definitions::name).toList())
                        + (key.referred().isEmpty() ? "" : list(key.referred()));
        return "CONSTRAINT %s %s %s%s".formatted(name(key.name()), key.kind().sql(), list(key.columns()), refers);
    }

    private String options(Relation table) throws SQLException {
        var options = new StringBuilder();
        var definition = TableDefinition.of(engine, table);
        var style = table.notes().distStyle();
        options.append("\nDISTSTYLE ").append(style == null ? "AUTO" : style);
        definition.columns().stream()
                .filter(column -> column.notes().distKey())
                .forEach(column -> options.append("\nDISTKEY (")
                        .append(name(column.name()))
                        .append(")"));
        var sortKeys = definition.columns().stream()
                .filter(column -> column.notes().sortKey() > 0)
                .sorted((a, b) -> a.notes().sortKey() - b.notes().sortKey())
                .map(TableDefinition.Column::name)
                .toList();
        if (!sortKeys.isEmpty()) {
            options.append(table.notes().interleaved() ? "\nINTERLEAVED SORTKEY " : "\nSORTKEY ")
                    .append(list(sortKeys));
        }
        return options.toString();
    }

    private static String list(List<String> columns) {
        return "(" + String.join(", ", columns.stream().map(Definitions::name).toList()) + ")";
    }

    private static String qualified(Relation relation) {
        return relation.isTemporary() ? relation.name() : name(relation.schema()) + "." + name(relation.name());
    }

    private static String name(String name) {
        return SIMPLE.matcher(name).matches() ? name : Names.quote(name);
    }
}
