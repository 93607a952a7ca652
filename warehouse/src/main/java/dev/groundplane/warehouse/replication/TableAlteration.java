package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.util.Collection;
import java.util.stream.Collectors;

/** Gives the target's tables the columns and names that the source's have now, in the session's transaction. */
final class TableAlteration {
    private final EngineSession engine;

    TableAlteration(EngineSession engine) {
        this.engine = engine;
    }

    /** Makes a table's schema, if there is none. */
    void createSchema(SourceTable table) throws SQLException {
        engine.run("CREATE SCHEMA IF NOT EXISTS %s.%s"
                .formatted(Names.quote(engine.database()), Names.quote(table.schema())));
    }

    /** Makes a table without rows. */
    void create(SourceTable table) throws SQLException {
        createSchema(table);
        var columns = table.columns().stream()
                .map(column -> Names.quote(column.name()) + " " + column.type().engineType())
                .collect(Collectors.joining(", "));
        engine.run("CREATE OR REPLACE TABLE %s (%s)".formatted(TableWriter.name(engine, table), columns));
    }

    /**
     * Removes a table, if its name is its own.
     *
     * @param all tables that are known
     */
    void drop(SourceTable table, Collection<ReplicationState.Table> all) throws SQLException {
        if (Followable.nameTaken(table, all).isEmpty()) {
            engine.run("DROP TABLE IF EXISTS " + TableWriter.name(engine, table));
        }
    }

    /**
     * Alters a table.
     *
     * @return false when its rows have to be copied again: nothing is altered then
     */
    boolean alter(SourceTable before, SourceTable now) throws SQLException {
        for (var column : now.columns()) {
            for (var former : before.columns()) {
                if (former.number() == column.number() && !former.type().equals(column.type())) {
                    return false;
                }
            }
        }
        if (!before.schema().equals(now.schema())) {
            return false; // the engine moves no table to another schema
        }
        if (!before.name().equals(now.name())) {
            engine.run(
                    "ALTER TABLE %s RENAME TO %s".formatted(TableWriter.name(engine, before), Names.quote(now.name())));
        }
        var name = TableWriter.name(engine, now);
        for (var former : before.columns()) {
            if (now.columns().stream().noneMatch(column -> column.number() == former.number())) {
                engine.run("ALTER TABLE %s DROP COLUMN %s".formatted(name, Names.quote(former.name())));
            }
        }
        for (var column : now.columns()) {
            var former = before.columns().stream()
                    .filter(one -> one.number() == column.number())
                    .findFirst();
            if (former.isEmpty()) {
                add(name, column);
            } else if (!former.get().name().equals(column.name())) {
                engine.run("ALTER TABLE %s RENAME COLUMN %s TO %s"
                        .formatted(name, Names.quote(former.get().name()), Names.quote(column.name())));
            }
        }
        return true;
    }

    private void add(String table, SourceTable.Column column) throws SQLException {
        var initial = column.initial();
        engine.run("ALTER TABLE %s ADD COLUMN %s %s%s"
                .formatted(
                        table,
                        Names.quote(column.name()),
                        column.type().engineType(),
                        initial == null ? "" : " DEFAULT " + column.type().value(Names.literal(initial))));
    }
}
