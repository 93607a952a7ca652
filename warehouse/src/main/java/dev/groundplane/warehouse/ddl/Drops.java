package dev.groundplane.warehouse.ddl;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Ddl;
import dev.groundplane.warehouse.sql.Ddl.Kind;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.List;

/** {@code DROP} of tables, views and schemas. */
final class Drops {
    private final EngineSession engine;
    private final Relations relations;
    private final Dependents dependents;

    Drops(DdlContext context) {
        this.engine = context.engine();
        this.relations = new Relations(context);
        this.dependents = new Dependents(context);
    }

    void drop(Ddl.Drop drop) throws SQLException {
        for (var name : drop.names()) {
            if (drop.kind() == Kind.SCHEMA) {
                dropSchema(name.getLast(), drop);
            } else {
                dropRelation(name, drop);
            }
        }
        HiddenObjects.sweep(engine);
    }

    private void dropRelation(List<String> name, Ddl.Drop drop) throws SQLException {
        var found = relations.find(name);
        if (found.isEmpty()) {
            if (drop.ifExists()) {
                return;
            }
            throw SqlFailure.of(
                    SqlState.UNDEFINED_TABLE,
                    "%s \"%s\" does not exist".formatted(drop.kind().words(), String.join(".", name)));
        }
        var relation = found.get();
        if (relation.kind() != drop.kind()) {
            throw Relations.wrongKind(relation, drop.kind());
        }
        dependents.drop(relation, drop.cascade());
        dropKeysTo(relation, drop.cascade());
        engine.run("DROP %s %s".formatted(relation.isView() ? "VIEW" : "TABLE", relation.sql()));
    }

    /** Other tables' foreign keys to a table that goes. */
    private void dropKeysTo(Relation table, boolean cascade) throws SQLException {
        for (var other : relations.all()) {
            var keys = other.notes().constraints();
            var isDropped = other.sql().equals(table.sql());
            var left = keys.stream()
                    .filter(key -> isDropped || !key.refersTo(table.schema(), table.name()))
                    .toList();
            if (left.size() == keys.size()) {
                continue;
            }
            if (!cascade) {
                throw SqlFailure.of(
                        SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                        "cannot drop table %s because a foreign key of table %s depends on it"
                                .formatted(table.name(), other.name()),
                        "Use DROP ... CASCADE to drop the dependent objects too.");
            }
            engine.run("COMMENT ON TABLE %s IS %s"
                    .formatted(other.sql(), Notes.literal(other.notes().withConstraints(left))));
        }
    }

    private void dropSchema(String schema, Ddl.Drop drop) throws SQLException {
        if (!relations.schemaExists(schema)) {
            if (drop.ifExists()) {
                return;
            }
            throw SqlFailure.of(SqlState.INVALID_SCHEMA_NAME, "schema \"%s\" does not exist".formatted(schema));
        }
        if (schema.equals("public")) {
            throw SqlFailure.unsupported("DROP SCHEMA of public, where new tables are made,");
        }
        for (var relation : relations.all()) {
            if (relation.schema().equals(schema)) {
                if (!drop.cascade()) {
                    throw SqlFailure.of(
                            SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                            "cannot drop schema %s because other objects depend on it".formatted(schema),
                            "Use DROP ... CASCADE to drop the dependent objects too.");
                }
                dependents.drop(relation, true);
                dropKeysTo(relation, true);
            }
        }
        engine.run("DROP SCHEMA %s.%s CASCADE".formatted(Names.quote(engine.database()), Names.quote(schema)));
    }
}
