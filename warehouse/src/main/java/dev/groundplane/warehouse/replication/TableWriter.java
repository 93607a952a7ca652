package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.replication.TableChanges.Change;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes to one table of the engine, in the transactions of a session. Rows are put aside as the source's text and become
 * values of the engine all at once. Planning a statement takes the engine longer than a few rows, so there are few, and where rows are
 * put aside stays. Not of use any more after a transaction was rolled back. For one thread.
 */
final class TableWriter {
    private static final String COMPLETED = "replication_completed";
    private static final String PARTIAL = "replication_partial";

    private final EngineSession engine;
    private final SourceTable table;
    private final String name;
    private final List<SourceTable.Column> key;
    /** Where rows are put aside: their texts, those of their keys, whether such a row may be there, and whether there is one now. */
    private final String staged;

    private boolean isMade;

    /** @param table as rows come from the source now */
    TableWriter(EngineSession engine, SourceTable table) {
        this.engine = engine;
        this.table = table;
        this.name = name(engine, table);
        this.staged = "replication_staged_" + Integer.toUnsignedString(table.id());
        this.key =
                IntStream.of(table.keyPlaces()).mapToObj(table.columns()::get).toList();
    }

    /** Whether it writes rows as they come from a table. */
    boolean isOf(SourceTable other) {
        return table.equals(other);
    }

    /** The engine's name of a table. */
    static String name(EngineSession engine, SourceTable table) {
        return Stream.of(engine.database(), table.schema(), table.name())
                .map(Names::quote)
                .collect(Collectors.joining("."));
    }

    /**
     * Makes the table's rows what the changes say.
     *
     * @throws SQLException when a value is none of the engine's, too
     */
    void write(TableChanges changes) throws SQLException {
        if (changes.truncated()) {
            engine.run("DELETE FROM " + name);
        }
        var partial = new ArrayList<Change>();
        var gone = false;
        var whole = false;
        for (var change : changes.byKey().values()) {
            gone |= change.replaces();
            if (change.origin() != null) {
                partial.add(change);
            } else {
                whole |= change.row() != null;
            }
        }
        if (!partial.isEmpty()) {
            complete(partial); // before the rows are gone that have the rest
        }
        stage(changes);
        if (gone) {
            engine.run("DELETE FROM %s AS t USING %s AS s WHERE s.gone AND %s"
                    .formatted(name, staged, match(table.columns().size())));
        }
        if (whole) {
            engine.run("INSERT INTO %s (%s) SELECT %s FROM %s AS s WHERE s.whole"
                    .formatted(name, columns(table), values(table, "s"), staged));
        }
        if (!partial.isEmpty()) {
            engine.run("INSERT INTO %s (%s) SELECT * FROM %s".formatted(name, columns(table), COMPLETED));
            engine.run("DROP TABLE " + COMPLETED);
            engine.run("DROP TABLE " + PARTIAL);
        }
        engine.run("DELETE FROM " + staged);
    }

    private void stage(TableChanges changes) throws SQLException {
        var width = table.columns().size();
        if (!isMade) {
            engine.run("CREATE OR REPLACE TEMP TABLE %s (%s, gone BOOLEAN, whole BOOLEAN)"
                    .formatted(staged, texts(width + key.size())));
            isMade = true;
        }
        try (var appender = engine.appender("temp", "main", staged)) {
            for (var one : changes.byKey().entrySet()) {
                var change = one.getValue();
                var row = change.origin() == null ? change.row() : null;
                appender.beginRow();
                for (var i = 0; i < width; i++) {
                    append(appender, row == null ? null : row.values().get(i));
                }
                for (var value : one.getKey()) {
                    append(appender, value);
                }
                appender.append(change.replaces());
                appender.append(row != null);
                appender.endRow();
            }
        }
    }

    /** Rows with the values that are not told taken from the target. */
    private void complete(List<Change> partial) throws SQLException {
        var width = table.columns().size();
        var rows = new ArrayList<List<@Nullable String>>();
        for (var change : partial) {
            var told = Objects.requireNonNull(change.row());
            var row = new ArrayList<@Nullable String>(told.values());
            row.addAll(Objects.requireNonNull(change.origin()));
            row.add(places(told.untold(), width));
            rows.add(row);
        }
        stagePartial(width + key.size() + 1, rows);
        var values = IntStream.range(0, width)
                .mapToObj(i -> "CASE WHEN s.c%d[%d] = '1' THEN t.%s ELSE %s END"
                        .formatted(
                                width + key.size(),
                                i + 1,
                                Names.quote(table.columns().get(i).name()),
                                table.columns().get(i).type().value("s.c" + i)))
                .collect(Collectors.joining(", "));
        engine.run("CREATE OR REPLACE TEMP TABLE %s AS SELECT %s FROM %s AS s JOIN %s AS t ON %s"
                .formatted(COMPLETED, values, PARTIAL, name, match(width)));
    }

    private static String places(BitSet untold, int width) {
        return IntStream.range(0, width)
                .mapToObj(i -> untold.get(i) ? "1" : "0")
                .collect(Collectors.joining());
    }

    /** That rows of the target, t, have the keys that are put aside, s, from a column on. */
    private String match(int from) {
        return IntStream.range(0, key.size())
                .mapToObj(i -> "t.%s = %s"
                        .formatted(
                                Names.quote(key.get(i).name()),
                                key.get(i).type().value("s.c" + (from + i))))
                .collect(Collectors.joining(" AND "));
    }

    /** A table's columns as a list. */
    static String columns(SourceTable table) {
        return table.columns().stream()
                .map(column -> Names.quote(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** Values of a table's columns from texts in columns c0, c1 … */
    static String values(SourceTable table, String alias) {
        return IntStream.range(0, table.columns().size())
                .mapToObj(i -> table.columns().get(i).type().value(alias + ".c" + i))
                .collect(Collectors.joining(", "));
    }

    private static String texts(int width) {
        return IntStream.range(0, width).mapToObj("c%d VARCHAR"::formatted).collect(Collectors.joining(", "));
    }

    private void stagePartial(int width, List<? extends List<@Nullable String>> rows) throws SQLException {
        engine.run("CREATE OR REPLACE TEMP TABLE %s (%s)".formatted(PARTIAL, texts(width)));
        try (var appender = engine.appender("temp", "main", PARTIAL)) {
            for (var row : rows) {
                appender.beginRow();
                for (var value : row) {
                    append(appender, value);
                }
                appender.endRow();
            }
        }
    }

    private static void append(DuckDBAppender appender, @Nullable String value) throws SQLException {
        if (value == null) {
            appender.appendNull();
        } else {
            appender.append(value);
        }
    }
}
