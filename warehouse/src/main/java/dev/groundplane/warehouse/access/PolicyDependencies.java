package dev.groundplane.warehouse.access;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Relations.Relation;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.ObjectStatement;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What policies cannot do without, and what keeps tables from having some. Source: Redshift's "Policy-dependent objects". */
final class PolicyDependencies {
    private final EngineSession engine;
    private final Relations relations;
    private final PolicyTables tables;

    PolicyDependencies(EngineSession engine, Relations relations, PolicyTables tables) {
        this.engine = engine;
        this.relations = relations;
        this.tables = tables;
    }

    /** @throws SqlFailure when a statement would take from a policy what it needs */
    void requireUnneeded(ObjectStatement object) throws SQLException {
        if (object.action().equals("CREATE")) {
            return;
        }
        var isSchema = object.kind().equals("SCHEMA");
        var policies = tables.policies(engine.database());
        for (var name : object.names()) {
            if (isSchema && object.action().equals("DROP")) {
                requireNoLookup(policies, Target.schema(relations.database(name), name.getLast()), null);
            } else if (object.isRelation()) {
                for (var relation : relations.find(name, null)) {
                    requireUnneeded(object, relation.target(), policies);
                }
            }
        }
    }

    private void requireUnneeded(ObjectStatement object, Target target, List<Policy> policies) throws SQLException {
        switch (object.change()) {
            case ObjectStatement.RenameColumn(var column, var name) -> requireColumn(target, column, policies);
            case ObjectStatement.DropColumn(var column) -> requireColumn(target, column, policies);
            case ObjectStatement.Rename(var name) -> requireNoLookup(policies, target, null);
            case ObjectStatement.Owner(var name) -> {}
            case ObjectStatement.Other() -> {
                if (object.action().equals("DROP")) {
                    requireNoLookup(policies, target, null);
                }
            }
        }
    }

    private void requireColumn(Target target, String column, List<Policy> policies) throws SQLException {
        requireNoLookup(policies, target, column);
        for (var attachment : tables.attachments()) {
            if (attachment.relation().equals(target) && attachment.columns().contains(column)) {
                throw needed("column \"%s\"".formatted(column), attachment.policy());
            }
        }
    }

    /**
     * @param target a table, or a schema with all that is in it
     * @param column null for the table itself
     */
    private void requireNoLookup(List<Policy> policies, Target target, @Nullable String column) throws SQLException {
        for (var policy : policies) {
            var reading = QueryTree.lenient(engine, "SELECT " + String.join(", ", policy.parts()));
            for (var source : reading.sources) {
                var table = lookup(source);
                var isMeant = target.kind() == Target.Kind.SCHEMA
                        ? table.itsSchema().equals(target)
                        : table.equals(target) && (column == null || reading.columns.contains(column));
                if (isMeant) {
                    throw needed(
                            column == null
                                    ? "relation \"%s\"".formatted(table.name())
                                    : "column \"%s\"".formatted(column),
                            policy);
                }
            }
        }
    }

    private static SqlFailure needed(String what, Policy policy) {
        return SqlFailure.of(
                SqlState.DEPENDENT_OBJECTS_STILL_EXIST,
                "cannot drop or rename %s because %s policy \"%s\" needs it"
                        .formatted(what, policy.kind(), policy.name()),
                "Detach or drop the policy before.");
    }

    /** Policies have the whole names of the tables that they read. */
    private static Target lookup(Reading.Source source) {
        return Target.relation(
                source.path().get(0), source.path().get(1), source.path().get(2));
    }

    /** @throws SqlFailure when a table cannot have policies of a kind, because of what else reads it */
    void requireFree(Target table, Kind kind) throws SQLException {
        for (var policy : tables.policies(table.database())) {
            for (var source : QueryTree.lenient(engine, "SELECT " + String.join(", ", policy.parts())).sources) {
                if (lookup(source).equals(table)) {
                    throw SqlFailure.of(
                            SqlState.WRONG_OBJECT_TYPE,
                            "relation \"%s\" cannot have %s policies: policy \"%s\" reads it"
                                    .formatted(table.name(), kind, policy.name()));
                }
            }
        }
        for (var view : relations.keptViews(table.database())) {
            if (read(relations.keptQuery(view).orElseThrow(), view).contains(table)) {
                throw SqlFailure.of(
                        SqlState.WRONG_OBJECT_TYPE,
                        "relation \"%s\" cannot have %s policies: the materialized view \"%s\" is made of it"
                                .formatted(table.name(), kind, view.name()));
            }
        }
    }

    /**
     * That what a materialized view is made of has no policies: its rows are kept for all.
     *
     * @param query in the engine's SQL
     * @param view whose it is; null for one that is not there yet
     */
    void requireUnprotected(String query, @Nullable Relation view) throws SQLException {
        var read = read(query, view);
        for (var one : tables.rows()) {
            if (one.on() && read.contains(one.relation())) {
                throw keeps(one.relation());
            }
        }
        for (var attachment : tables.attachments()) {
            if (read.contains(attachment.relation())) {
                throw keeps(attachment.relation());
            }
        }
    }

    private static SqlFailure keeps(Target table) {
        return SqlFailure.of(
                SqlState.WRONG_OBJECT_TYPE,
                "a materialized view cannot be made of relation \"%s\", which has policies".formatted(table.name()));
    }

    /** All tables that a query reads, also through views. */
    private Set<Target> read(String query, @Nullable Relation view) throws SQLException {
        var found = new LinkedHashSet<Target>();
        collect(query, view, found, new LinkedHashSet<>());
        return found;
    }

    private void collect(String query, @Nullable Relation view, Set<Target> found, Set<Relation> seen)
            throws SQLException {
        for (var source : QueryTree.lenient(engine, query).sources) {
            for (var relation : relations.find(source.path(), view)) {
                var kept = relations.keptQuery(relation);
                if (relation.view() != null || kept.isPresent()) {
                    if (seen.add(relation)) {
                        collect(relation.view() == null ? kept.orElseThrow() : relation.view(), relation, found, seen);
                    }
                } else {
                    found.add(relation.target());
                }
            }
        }
    }
}
