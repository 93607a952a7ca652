package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.ColumnType;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Alteration;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.sql.TableConstraint;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** {@code ALTER TABLE}. For one statement. */
final class TableAlterations {
    private final DdlContext context;
    private final EngineSession engine;
    private final Relations relations;
    private final Dependents dependents;

    TableAlterations(DdlContext context) {
        this.context = context;
        this.engine = context.engine();
        this.relations = new Relations(context);
        this.dependents = new Dependents(context);
    }

    void alter(Ddl.AlterTable alter) throws SQLException {
        var relation = relations.require(alter.name());
        if (alter.alteration() instanceof Alteration.RenameTo(var name) && relation.kind() != Kind.MATERIALIZED_VIEW) {
            rename(relation, name);
            return;
        }
        var table = relations.require(alter.name(), Kind.TABLE);
        switch (alter.alteration()) {
            case Alteration.RenameTo rename -> throw new IllegalStateException("done before");
            case Alteration.RenameColumn rename -> renameColumn(table, rename);
            case Alteration.AddColumn add -> addColumn(table, add);
            case Alteration.DropColumn drop -> dropColumn(table, drop);
            case Alteration.ChangeType change -> changeType(table, change);
            case Alteration.Encode encode -> {
                for (var one : encode.encodings()) {
                    note(table, one.column(), notes -> notes.withEncoding(one.encoding()));
                }
            }
            case Alteration.EncodeAuto auto -> noteAll(table, (column, notes) -> notes.withEncoding(null));
            case Alteration.Distribute distribute -> distribute(table, distribute);
            case Alteration.Sort(var columns) -> sort(table, columns);
            case Alteration.AddConstraint(var constraint) -> addConstraint(table, constraint);
            case Alteration.DropConstraint(var name) -> dropConstraint(table, name);
        }
    }

    private void rename(Relation relation, String name) throws SQLException {
        var renamed = new Relation(relation.database(), relation.schema(), name, relation.isView(), relation.notes());
        relations.requireFree(renamed);
        var views = dependents.of(relation);
        engine.run("ALTER %s %s RENAME TO %s"
                .formatted(relation.isView() ? "VIEW" : "TABLE", relation.sql(), Names.quote(name)));
        dependents.rename(relation, renamed, views);
        for (var other : relations.all()) {
            writeKeys(
                    other,
                    other.notes().constraints().stream()
                            .map(key -> key.refersTo(relation.schema(), relation.name())
                                    ? key.withTable(renamed.schema(), name)
                                    : key)
                            .toList());
        }
    }

    private void renameColumn(Relation table, Alteration.RenameColumn rename) throws SQLException {
        var definition = TableDefinition.of(engine, table);
        definition.column(rename.column(), table);
        requireNoColumn(definition, rename.name(), table);
        engine.run("ALTER TABLE %s RENAME COLUMN %s TO %s"
                .formatted(table.sql(), Names.quote(rename.column()), Names.quote(rename.name())));
        dependents.requireFit(table, "rename column %s of table %s".formatted(rename.column(), table.name()), false);
        UnaryOperator<List<String>> renamed = columns -> columns.stream()
                .map(column -> column.equals(rename.column()) ? rename.name() : column)
                .toList();
        writeKeys(
                table,
                table.notes().constraints().stream()
                        .map(key -> new TableConstraint(
                                key.kind(), key.name(), renamed.apply(key.columns()), key.table(), key.referred()))
                        .toList());
    }

    private static void requireNoColumn(TableDefinition definition, String name, Relation table) {
        if (definition.columns().stream().anyMatch(column -> column.name().equals(name))) {
            throw SqlFailure.of(
                    SqlState.DUPLICATE_COLUMN,
                    "column \"%s\" of relation \"%s\" already exists".formatted(name, table.name()));
        }
    }

    private void addColumn(Relation table, Alteration.AddColumn add) throws SQLException {
        var clause = add.column();
        var definition = TableDefinition.of(engine, table);
        requireNoColumn(definition, clause.name(), table);
        if (clause.notNull() && clause.defaultValue() == null) {
            throw SqlFailure.of(
                    SqlState.INVALID_TABLE_DEFINITION,
                    "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression");
        }
        if (clause.identity() != null || clause.distKey() || clause.sortKey()) {
            throw SqlFailure.unsupported("IDENTITY, DISTKEY or SORTKEY in ALTER TABLE ADD COLUMN");
        }
        var column = new Tables(context).column(clause, table);
        if (column.check() == null) {
            engine.run("ALTER TABLE %s ADD COLUMN %s".formatted(table.sql(), column.sql()));
            TableDefinition.writeNotes(engine, table, column.name(), column.notes());
        } else { // the engine adds no column with a constraint
            var columns = new ArrayList<>(definition.columns());
            columns.add(column);
            rebuild(table, definition, new TableDefinition(columns, definition.notes()));
        }
        for (var constraint : clause.constraints()) {
            addConstraint(relations.at(table).orElseThrow(), constraint);
        }
    }

    private void dropColumn(Relation table, Alteration.DropColumn drop) throws SQLException {
        var column = TableDefinition.of(engine, table).column(drop.column(), table);
        if (column.notes().distKey() || column.notes().sortKey() > 0) {
            throw SqlFailure.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "cannot drop %s column \"%s\""
                            .formatted(column.notes().distKey() ? "distkey" : "sortkey", column.name()),
                    "Change the %s of the table first.".formatted(column.notes().distKey() ? "DISTKEY" : "SORTKEY"));
        }
        engine.run("ALTER TABLE %s DROP COLUMN %s".formatted(table.sql(), Names.quote(drop.column())));
        dependents.requireFit(
                table, "drop column %s of table %s".formatted(drop.column(), table.name()), drop.cascade());
        writeKeys(
                table,
                table.notes().constraints().stream()
                        .filter(key -> !key.columns().contains(drop.column()))
                        .toList());
        HiddenObjects.sweep(engine);
    }

    private void changeType(Relation table, Alteration.ChangeType change) throws SQLException {
        var definition = TableDefinition.of(engine, table);
        var column = definition.column(change.column(), table);
        var type = change.type();
        if (type.limit() != ColumnType.Limit.VARYING
                || column.check() == null
                || !column.check().startsWith("(strlen(")
                || column.check().contains("rtrim")) {
            throw SqlFailure.unsupported("ALTER COLUMN TYPE other than from VARCHAR(n) to VARCHAR(m)");
        }
        var longer = new TableDefinition.Column(
                column.name(),
                column.engineType(),
                type.check(Names.quote(column.name())).orElseThrow(),
                column.defaultValue(),
                column.notNull(),
                column.notes());
        var columns = definition.columns().stream()
                .map(one -> one.name().equals(column.name()) ? longer : one)
                .toList();
        rebuild(table, definition, new TableDefinition(columns, definition.notes()));
    }

    /** Makes the table anew with the rows it has. Columns that it did not have get their defaults. */
    private void rebuild(Relation table, TableDefinition from, TableDefinition to) throws SQLException {
        var next = new Relation(table.database(), table.schema(), table.name() + " (altered)", false, table.notes());
        var columns = TableDefinition.list(
                from.columns().stream().map(TableDefinition.Column::name).toList());
        to.create(engine, next);
        context.runLong("INSERT INTO %s (%s) SELECT %s FROM %s".formatted(next.sql(), columns, columns, table.sql()));
        engine.run("DROP TABLE " + table.sql());
        engine.run("ALTER TABLE %s RENAME TO %s".formatted(next.sql(), Names.quote(table.name())));
    }

    private void distribute(Relation table, Alteration.Distribute distribute) throws SQLException {
        if (distribute.key() != null) {
            TableDefinition.of(engine, table).column(distribute.key(), table);
        }
        noteAll(table, (column, notes) -> notes.withDistKey(column.equals(distribute.key())));
        writeNotes(table, table.notes().withDistStyle(distribute.style()));
    }

    private void sort(Relation table, List<String> columns) throws SQLException {
        var definition = TableDefinition.of(engine, table);
        for (var column : columns) {
            definition.column(column, table);
        }
        noteAll(table, (column, notes) -> notes.withSortKey(columns.indexOf(column) + 1));
    }

    private void addConstraint(Relation table, TableConstraint constraint) throws SQLException {
        var definition = TableDefinition.of(engine, table);
        var keys = new Tables(context).keys(List.of(constraint), table, definition);
        if (constraint.kind() == TableConstraint.Kind.PRIMARY_KEY) {
            for (var column : constraint.columns()) {
                engine.run("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL".formatted(table.sql(), Names.quote(column)));
            }
        }
        writeKeys(table, keys);
    }

    private void dropConstraint(Relation table, String name) throws SQLException {
        var keys = table.notes().constraints();
        if (keys.stream().noneMatch(key -> key.name().equals(name))) {
            throw SqlFailure.of(
                    SqlState.UNDEFINED_OBJECT,
                    "constraint \"%s\" of relation \"%s\" does not exist".formatted(name, table.name()));
        }
        writeKeys(table, keys.stream().filter(key -> !key.name().equals(name)).toList());
    }

    private void writeKeys(Relation table, List<TableConstraint> keys) throws SQLException {
        if (!keys.equals(table.notes().constraints())) {
            writeNotes(table, table.notes().withConstraints(keys));
        }
    }

    private void writeNotes(Relation table, Notes.Relation notes) throws SQLException {
        engine.run("COMMENT ON TABLE %s IS %s".formatted(table.sql(), Notes.literal(notes)));
    }

    private void note(Relation table, String column, UnaryOperator<Notes.Column> change) throws SQLException {
        var present = TableDefinition.of(engine, table).column(column, table).notes();
        TableDefinition.writeNotes(engine, table, column, change.apply(present));
    }

    private void noteAll(Relation table, ColumnChange change) throws SQLException {
        for (var column : TableDefinition.of(engine, table).columns()) {
            var changed = change.apply(column.name(), column.notes());
            if (!changed.equals(column.notes())) {
                TableDefinition.writeNotes(engine, table, column.name(), Objects.requireNonNull(changed));
            }
        }
    }

    @FunctionalInterface
    private interface ColumnChange {
        Notes.Column apply(String column, Notes.Column notes);
    }
}
