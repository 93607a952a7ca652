package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code CREATE TABLE}, with columns or of a query. For one statement. */
final class CreateTableParser {
    private final TokenReader reader;
    private final Statement statement;

    private @Nullable String distStyle;
    private @Nullable String distKey;
    private List<String> sortKeys = List.of();
    private boolean interleaved;

    private CreateTableParser(TokenReader reader, Statement statement) {
        this.reader = reader;
        this.statement = statement;
    }

    static Ddl read(TokenReader reader, Statement statement) {
        return new CreateTableParser(reader, statement).read();
    }

    private Ddl read() {
        reader.expect("CREATE");
        reader.accept("LOCAL");
        var temporary = reader.accept("TEMP") || reader.accept("TEMPORARY");
        reader.expect("TABLE");
        var ifNotExists = reader.accept("IF", "NOT", "EXISTS");
        var name = reader.qualifiedName();
        temporary |= name.getFirst().startsWith("#");
        if (!reader.sees("(") || reader.seesNames()) { // columns without types
            return ofQuery(name, temporary, ifNotExists);
        }
        return withColumns(name, temporary, ifNotExists);
    }

    private Ddl ofQuery(List<String> name, boolean temporary, boolean ifNotExists) {
        var columns = reader.sees("(") ? reader.names() : List.<String>of();
        options();
        reader.expect("AS");
        if (ifNotExists) {
            throw SqlFailure.unsupported("CREATE TABLE IF NOT EXISTS … AS");
        }
        return new Ddl.CreateTableAs(name, temporary, columns, chosen(), statement.part(reader.rest()));
    }

    private Ddl withColumns(List<String> name, boolean temporary, boolean ifNotExists) {
        var likes = new ArrayList<Ddl.Like>();
        var columns = new ArrayList<ColumnClause>();
        var constraints = new ArrayList<TableConstraint>();
        reader.expect("(");
        do {
            if (reader.accept("LIKE")) {
                likes.add(like());
            } else if (ColumnParser.seesConstraint(reader)) {
                constraints.add(ColumnParser.tableConstraint(reader));
            } else {
                columns.add(ColumnParser.column(reader));
            }
        } while (reader.accept(","));
        reader.expect(")");
        columns.forEach(this::take);
        columns.forEach(column -> constraints.addAll(column.constraints()));
        options();
        return new Ddl.CreateTable(name, temporary, ifNotExists, likes, columns, constraints, chosen());
    }

    private Ddl.Like like() {
        var table = reader.qualifiedName();
        if (reader.accept("INCLUDING", "DEFAULTS")) {
            return new Ddl.Like(table, true);
        }
        reader.accept("EXCLUDING", "DEFAULTS");
        return new Ddl.Like(table, false);
    }

    /** What is said at a column of the whole table. */
    private void take(ColumnClause column) {
        if (column.distKey()) {
            setDistKey(column.name());
        }
        if (column.sortKey()) {
            setSortKeys(List.of(column.name()));
        }
    }

    private void options() {
        while (option()) {
            // They come in any order.
        }
    }

    private boolean option() {
        if (reader.accept("DISTSTYLE")) {
            distStyle = distStyle(reader);
        } else if (reader.accept("DISTKEY")) {
            reader.expect("(");
            setDistKey(reader.name());
            reader.expect(")");
        } else if (reader.accept("SORTKEY", "AUTO")) {
            setSortKeys(List.of());
        } else if (reader.accept("COMPOUND", "SORTKEY") || reader.accept("SORTKEY")) {
            setSortKeys(reader.names());
        } else if (reader.accept("INTERLEAVED", "SORTKEY")) {
            setSortKeys(reader.names());
            interleaved = true;
        } else {
            return reader.accept("ENCODE", "AUTO") || reader.accept("BACKUP", "YES") || reader.accept("BACKUP", "NO");
        }
        return true;
    }

    /** Reads how rows are spread, in capitals. */
    static String distStyle(TokenReader reader) {
        var token = reader.take();
        if (!Set.of("AUTO", "EVEN", "KEY", "ALL").contains(token.keyword())) {
            throw SqlFailure.syntax(
                    "DISTSTYLE %s is not one of AUTO, EVEN, KEY, ALL".formatted(token.text()), token.start());
        }
        return token.keyword();
    }

    private void setDistKey(String column) {
        if (distKey != null) {
            throw invalid("a table has one DISTKEY, not both \"%s\" and \"%s\"".formatted(distKey, column));
        }
        distKey = column;
    }

    private void setSortKeys(List<String> columns) {
        if (!sortKeys.isEmpty()) {
            throw invalid("a table has one SORTKEY, and a second one is (%s)".formatted(String.join(", ", columns)));
        }
        sortKeys = columns;
    }

    private TableOptions chosen() {
        if (distKey != null && distStyle != null && !distStyle.equals("KEY")) {
            throw invalid("a DISTKEY needs DISTSTYLE KEY, not %s".formatted(distStyle));
        }
        if (distKey == null && "KEY".equals(distStyle)) {
            throw invalid("DISTSTYLE KEY needs a DISTKEY");
        }
        return new TableOptions(distKey == null ? distStyle : "KEY", distKey, sortKeys, interleaved);
    }

    private static SqlFailure invalid(String message) {
        return SqlFailure.of(SqlState.INVALID_TABLE_DEFINITION, message);
    }

    /** Options of tables for whoever reads some of them. */
    static TableOptions options(TokenReader reader, Statement statement) {
        var parser = new CreateTableParser(reader, statement);
        parser.options();
        return parser.chosen();
    }
}
