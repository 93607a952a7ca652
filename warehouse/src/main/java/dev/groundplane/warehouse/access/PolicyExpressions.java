package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Relations.Relation;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.PolicyCommand.Parameter;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What policies say: whether it is right, and so that it means the same in whatever query it will stand. */
final class PolicyExpressions {
    private final EngineSession engine;
    private final Relations relations;
    private final PolicyTables tables;

    PolicyExpressions(EngineSession engine, Relations relations, PolicyTables tables) {
        this.engine = engine;
        this.relations = relations;
        this.tables = tables;
    }

    /** A policy whose expressions are right for its parameters and mean the same wherever they stand. */
    Policy checked(Kind kind, String name, String alias, List<Parameter> parameters, List<String> written)
            throws SQLException {
        var parts = new ArrayList<String>();
        for (var part : written) {
            var tree = SqlTree.query(engine, "SELECT " + part);
            if (kind == Kind.MASKING) {
                requirePlain(tree);
            } else {
                qualify(tree);
            }
            parts.add(Protection.expression(engine, tree));
        }
        var columns = parameters.stream()
                .map(one -> "CAST(NULL AS %s) AS %s".formatted(one.engineType(), Names.quote(one.name())))
                .collect(Collectors.joining(", "));
        var table = Names.quote(alias.isEmpty() ? Protection.TABLE : alias);
        for (var part : parts) {
            var bound = "SELECT %s FROM (SELECT %s) AS %s".formatted(part, columns.isEmpty() ? "1" : columns, table);
            try (var prepared = engine.prepare(bound)) {
                var type = prepared.getMetaData().getColumnTypeName(1);
                if (kind == Kind.RLS && !type.equals("BOOLEAN")) {
                    throw SqlFailure.of(
                            SqlState.DATATYPE_MISMATCH,
                            "argument of USING must be type boolean, not type " + type.toLowerCase(Locale.ROOT));
                }
            }
        }
        return new Policy(engine.database(), kind, name, alias, parameters, parts);
    }

    /** A mask is made of its row alone. */
    private static void requirePlain(JsonNode node) {
        if (node.path("type").asText().equals("BASE_TABLE")
                || Set.of("SUBQUERY", "LAMBDA", "WINDOW", "STAR")
                        .contains(node.path("class").asText())) {
            throw SqlFailure.unsupported("a masking policy with a subquery, a window or a *");
        }
        node.forEach(PolicyExpressions::requirePlain);
    }

    /** Tables in a condition are meant whoever asks, with whatever names of their own. */
    private void qualify(JsonNode node) throws SQLException {
        if (node instanceof ObjectNode object && object.path("type").asText().equals("BASE_TABLE")) {
            var path = new ArrayList<String>();
            object.path("qualified_name").path("path").forEach(part -> path.add(Names.folded(part.asText())));
            var table = requireTable(path, "a policy that reads");
            if (tables.rows().stream()
                            .anyMatch(one -> one.on() && one.relation().equals(table))
                    || tables.attachments().stream()
                            .anyMatch(one -> one.relation().equals(table))) {
                throw SqlFailure.unsupported(
                        "a policy that reads a table with policies, \"%s\",".formatted(table.name()));
            }
            QueryGuard.name(engine, object, table);
            return;
        }
        for (var child : node) {
            qualify(child);
        }
    }

    /**
     * A table of the session's database.
     *
     * @param what is to be done with it, in the error's words
     */
    Target requireTable(List<String> path, String what) throws SQLException {
        var found = relations.require(path);
        var table = found.getFirst();
        if (found.size() > 1 || !isTable(table) || !table.database().equals(engine.database())) {
            throw SqlFailure.unsupported("%s something else than one table of the database, \"%s\","
                    .formatted(what, String.join(".", path)));
        }
        return table.target();
    }

    private boolean isTable(Relation relation) throws SQLException {
        return !relation.isNobodys()
                && relation.view() == null
                && relations.keptQuery(relation).isEmpty();
    }
}
