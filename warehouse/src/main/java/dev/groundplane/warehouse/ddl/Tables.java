package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.ColumnClause;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.TableConstraint;
import dev.groundplane.warehouse.sql.TableOptions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Makes tables. */
final class Tables {
    private final DdlContext context;
    private final EngineSession engine;
    private final Relations relations;

    Tables(DdlContext context) {
        this.context = context;
        this.engine = context.engine();
        this.relations = new Relations(context);
    }

    void create(Ddl.CreateTable create) throws SQLException {
        var place = relations.place(create.name(), create.temporary());
        if (create.ifNotExists() && relations.at(place).isPresent()) {
            return;
        }
        relations.requireFree(place);
        var columns = new ArrayList<TableDefinition.Column>();
        var notes = Notes.Relation.NONE;
        for (var like : create.likes()) {
            var source = relations.require(like.table(), Kind.TABLE);
            notes = notes.withDistStyle(source.notes().distStyle());
            columns.addAll(columnsLike(source, like, place));
        }
        for (var column : create.columns()) {
            columns.add(column(column, place));
        }
        requireDistinct(columns.stream().map(TableDefinition.Column::name).toList());
        if (create.likes().isEmpty() || !create.options().equals(TableOptions.NONE)) {
            notes = new Notes.Relation(
                    null, create.options().distStyle(), create.options().interleaved(), List.of(), null);
            columns.replaceAll(column -> withOptions(column, create.options()));
        }
        var unkeyed = new TableDefinition(List.copyOf(columns), notes);
        requireColumns(unkeyed, create.options(), place);
        var keys = keys(create.constraints(), place, unkeyed);
        columns.replaceAll(column -> isPrimary(column.name(), keys) ? column.withNotNull() : column);
        new TableDefinition(List.copyOf(columns), notes.withConstraints(keys)).create(engine, place);
    }

    private List<TableDefinition.Column> columnsLike(Relation source, Ddl.Like like, Relation place)
            throws SQLException {
        var columns = new ArrayList<TableDefinition.Column>();
        for (var column : TableDefinition.of(engine, source).columns()) {
            var bare = column.withNotes(column.notes().withComment(null).withIdentity(null));
            if (!like.withDefaults()) {
                columns.add(bare.withDefault(null));
            } else if (column.notes().identity() == null) {
                columns.add(bare);
            } else {
                columns.add(column.withNotes(column.notes().withComment(null))
                        .withDefault(new IdentitySequences(engine)
                                .make(column.notes().identity(), place)));
            }
        }
        return columns;
    }

    /** A column as the engine takes it; makes the sequence of an identity. */
    TableDefinition.Column column(ColumnClause clause, Relation place) throws SQLException {
        var identity = clause.identity();
        var notes = Notes.Column.NONE.withEncoding(clause.encoding()).withIdentity(identity);
        return new TableDefinition.Column(
                clause.name(),
                clause.type().engineType(),
                clause.type().check(Names.quote(clause.name())).orElse(null),
                identity == null ? clause.defaultValue() : new IdentitySequences(engine).make(identity, place),
                clause.notNull() || identity != null,
                notes);
    }

    private static TableDefinition.Column withOptions(TableDefinition.Column column, TableOptions options) {
        return column.withNotes(column.notes()
                .withDistKey(column.name().equals(options.distKey()))
                .withSortKey(options.sortKeys().indexOf(column.name()) + 1));
    }

    /** A table's keys and further ones, with their names; one primary key at most. */
    List<TableConstraint> keys(List<TableConstraint> constraints, Relation table, TableDefinition definition)
            throws SQLException {
        var keys = new ArrayList<>(definition.notes().constraints());
        for (var constraint : constraints) {
            var named = referring(constraint.named(table.name()), definition, table);
            for (var column : named.columns()) {
                definition.column(column, table);
            }
            if (named.kind() == TableConstraint.Kind.PRIMARY_KEY
                    && keys.stream().anyMatch(key -> key.kind() == TableConstraint.Kind.PRIMARY_KEY)) {
                throw SqlFailure.of(
                        SqlState.INVALID_TABLE_DEFINITION,
                        "multiple primary keys for table \"%s\" are not allowed".formatted(table.name()));
            }
            if (keys.stream().anyMatch(key -> key.name().equals(named.name()))) {
                throw SqlFailure.of(
                        SqlState.DUPLICATE_OBJECT,
                        "constraint \"%s\" for relation \"%s\" already exists".formatted(named.name(), table.name()));
            }
            keys.add(named);
        }
        return List.copyOf(keys);
    }

    private static boolean isPrimary(String column, List<TableConstraint> keys) {
        return keys.stream()
                .anyMatch(key -> key.kind() == TableConstraint.Kind.PRIMARY_KEY
                        && key.columns().contains(column));
    }

    private static void requireColumns(TableDefinition definition, TableOptions options, Relation table) {
        for (var column : options.sortKeys()) {
            definition.column(column, table);
        }
        if (options.distKey() != null) {
            definition.column(options.distKey(), table);
        }
    }

    /** A key with the schema of the table that it refers to; that table and its columns are there. */
    private TableConstraint referring(TableConstraint key, TableDefinition own, Relation table) throws SQLException {
        if (key.kind() != TableConstraint.Kind.FOREIGN_KEY) {
            return key;
        }
        var isOwn = table.isNamed(key.table());
        var referred = isOwn ? table : relations.require(key.table(), Kind.TABLE);
        var definition = isOwn ? own : TableDefinition.of(engine, referred);
        for (var column : key.referred()) {
            definition.column(column, referred);
        }
        return key.withTable(referred.schema(), referred.name());
    }

    private static void requireDistinct(List<String> names) {
        var seen = new HashSet<String>();
        for (var name : names) {
            if (!seen.add(name)) {
                throw SqlFailure.of(
                        SqlState.DUPLICATE_COLUMN, "column \"%s\" specified more than once".formatted(name));
            }
        }
    }

    /** Makes a table of a query's rows. How many they are. */
    long create(Ddl.CreateTableAs create) throws SQLException {
        var place = relations.place(create.name(), create.temporary());
        relations.requireFree(place);
        var query = context.policies().guarded(create.query(), context.engineSql(create.query()));
        return create(place, create.columns(), query, create.options());
    }

    /** Makes a table of a query's rows in a free place. How many they are. */
    long create(Relation place, List<String> names, String query, TableOptions options) throws SQLException {
        requireDistinct(names);
        var rows = context.runLong("CREATE %s%s AS %s"
                .formatted(place.created(), names.isEmpty() ? "" : "(" + TableDefinition.list(names) + ")", query));
        if (!options.equals(TableOptions.NONE)) {
            var made = TableDefinition.of(engine, place);
            requireColumns(made, options, place);
            new TableDefinition(
                            made.columns().stream()
                                    .map(column -> withOptions(column, options))
                                    .toList(),
                            new Notes.Relation(null, options.distStyle(), options.interleaved(), List.of(), null))
                    .writeNotes(engine, place);
        }
        return rows;
    }
}
