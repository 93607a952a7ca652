package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.warehouse.access.Relations.Relation;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes changes anew whose tree {@link QueryGuard} has gone through. */
final class GuardedChange {
    private static final String ROWS = "groundplane_rows";
    private static final String CHANGED = "groundplane_changed";

    private final EngineSession engine;

    GuardedChange(EngineSession engine) {
        this.engine = engine;
    }

    /** An INSERT whose query is written anew. */
    String insert(ObjectNode insert) throws SQLException {
        requirePlain(insert);
        if (!insert.path("column_order").asText().equals("INSERT_BY_POSITION")) {
            throw SqlTree.unknown("INSERT");
        }
        var columns = names(insert.path("columns"));
        return "INSERT INTO %s%s %s"
                .formatted(
                        String.join(".", names(insert.path("qualified_name").path("path"))),
                        columns.isEmpty() ? "" : "(" + String.join(", ", columns) + ")",
                        SqlTree.text(engine, insert.path("select_statement").path("node")));
    }

    /** There is nothing in it that would be left out. */
    private static void requirePlain(JsonNode change) {
        if (!change.path("cte_map").path("map").isEmpty()
                || !change.path("modifiers").isEmpty()
                || !change.path("returning_list").isEmpty()
                || change.path("on_conflict_info").isObject()) {
            throw SqlTree.unknown("statement");
        }
    }

    private static List<String> names(JsonNode names) {
        var quoted = new ArrayList<String>();
        names.forEach(name -> quoted.add(Names.quote(name.asText())));
        return quoted;
    }

    /**
     * An UPDATE or DELETE of the rows that a query finds, which evaluates all that the statement says.
     *
     * @param seen what the user is shown of the table; empty for the table itself
     */
    String ofRows(ObjectNode change, Relation target, Optional<String> seen) throws SQLException {
        requirePlain(change);
        var table = Protection.whole(target.target());
        var rows = seen.orElse("SELECT *, rowid AS %s FROM %s".formatted(Names.quote(Protection.ROW), table));
        var name = QueryGuard.alias(change.path("table")).isEmpty()
                ? target.name()
                : QueryGuard.alias(change.path("table"));
        var sources = new ArrayList<JsonNode>();
        change.path("using_clauses").forEach(sources::add);
        if (change.path("from_table").isObject()) {
            sources.add(change.path("from_table"));
        }
        var set = change.path("set_info");
        var condition = set.isObject() ? set.path("condition") : change.path("condition");
        var assigned = new ArrayList<String>();
        var values = new ArrayList<JsonNode>();
        for (var i = 0; i < set.path("columns").size(); i++) {
            var value = set.path("expressions").path(i);
            var isDefault = value.path("class").asText().equals("DEFAULT");
            assigned.add("%s = %s"
                    .formatted(
                            Names.quote(set.path("columns").path(i).asText()),
                            isDefault ? "DEFAULT" : CHANGED + ".value" + values.size()));
            if (!isDefault) {
                values.add(value);
            }
        }
        var found = SqlTree.text(engine, found(rows, name, sources, condition, values));
        return set.isObject()
                ? "UPDATE %s AS %s SET %s FROM (%s) AS %s WHERE %2$s.rowid = %5$s.found_row"
                        .formatted(table, ROWS, String.join(", ", assigned), found, CHANGED)
                : "DELETE FROM %s WHERE rowid IN (SELECT found_row FROM (%s) AS %s)".formatted(table, found, CHANGED);
    }

    /** The query that finds the rows to change, with their new values. */
    private ObjectNode found(
            String rows, String name, List<JsonNode> sources, JsonNode condition, List<JsonNode> values)
            throws SQLException {
        var template = new StringBuilder(
                "SELECT %s.%s AS found_row".formatted(Names.quote(name), Names.quote(Protection.ROW)));
        for (var i = 0; i < values.size(); i++) {
            template.append(", 0 AS value").append(i);
        }
        template.append(" FROM (").append(rows).append(") AS ").append(Names.quote(name));
        for (var i = 0; i < sources.size(); i++) {
            template.append(" CROSS JOIN (SELECT 1) AS source").append(i);
        }
        var query = SqlTree.query(engine, template.append(" WHERE true").toString());
        var list = (ArrayNode) query.path("select_list");
        for (var i = 0; i < values.size(); i++) {
            ((ObjectNode) values.get(i)).put("alias", "value" + i);
            list.set(i + 1, values.get(i));
        }
        var join = query.path("from_table");
        for (var i = sources.size() - 1; i >= 0; i--) {
            ((ObjectNode) join).set("right", sources.get(i));
            join = join.path("left");
        }
        if (condition.isObject()) {
            query.set("where_clause", condition);
        } else {
            query.putNull("where_clause");
        }
        return query;
    }
}
