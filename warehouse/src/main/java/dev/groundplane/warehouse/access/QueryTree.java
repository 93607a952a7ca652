package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.Privilege;
import dev.groundplane.warehouse.sql.RefusedFunctions;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Finds what a query reads and writes in the tree that the engine's own parser makes of it. Kinds of nodes that are not known here
 * are refused, so that nothing passes that was not looked at.
 */
final class QueryTree {
    private static final int LONGEST_KNOWN = 4096;

    /** Parts of a tree without names of tables of their own: all that they have is in other nodes below them. */
    private static final Set<String> PLAIN = Set.of(
            "SELECT_NODE",
            "SET_OPERATION_NODE",
            "SUBQUERY",
            "EMPTY",
            "EXPRESSION_LIST",
            "ORDER_MODIFIER",
            "LIMIT_MODIFIER",
            "LIMIT_PERCENT_MODIFIER",
            "DISTINCT_MODIFIER",
            "ORDER_DEFAULT",
            "ASCENDING",
            "DESCENDING",
            "ORDER_ASCENDING",
            "ORDER_DESCENDING");

    private static final Set<String> EXPRESSIONS = Set.of(
            "BETWEEN",
            "CASE",
            "CAST",
            "COLLATE",
            "COMPARISON",
            "CONJUNCTION",
            "CONSTANT",
            "DEFAULT",
            "LAMBDA",
            "OPERATOR",
            "PARAMETER",
            "POSITIONAL_REFERENCE",
            "SUBQUERY",
            "TYPE");

    /** What reaches past the query: sequences, the engine's own state. What runs text as a query, nobody may call. */
    private static final Set<String> REFUSED_FUNCTIONS = Set.of(
            "nextval",
            "currval",
            "setval",
            "getvariable",
            "current_setting",
            "stats",
            "sleep_ms",
            "pg_sleep",
            "current_query");

    /** The engine's functions of rows that read nothing but their arguments. */
    private static final Set<String> ROW_FUNCTIONS = Set.of(
            "range",
            "generate_series",
            "unnest",
            "repeat",
            "repeat_row",
            "json_each",
            "json_tree",
            "late_binding_view_columns__",
            "pg_timezone_names");

    private final Reading reading = new Reading();
    /** Whether all that it reads is to be found, and not only tables. */
    private final boolean whole;

    private QueryTree(boolean whole) {
        this.whole = whole;
    }

    /**
     * What a query reads.
     *
     * @param query in the engine's SQL
     * @throws SqlFailure when it is no query, or has something in it that is not known here
     */
    static Reading ofQuery(EngineSession engine, String query) throws SQLException {
        return known(engine, new Text(false, query), () -> {
            var tree = new QueryTree(true);
            tree.node(SqlTree.query(engine, query), Set.of());
            return tree.reading;
        });
    }

    private record Text(boolean changes, String sql) {}

    /** Long statements have values in them and do not come again; they are not to be kept. */
    private static Reading known(EngineSession engine, Text text, EngineSession.Steps<Reading> steps)
            throws SQLException {
        return text.sql().length() > LONGEST_KNOWN ? steps.run() : engine.known(text, steps);
    }

    /** What an INSERT, UPDATE or DELETE reads and writes: the engine's parser tells of them within a query only. */
    static Reading ofChange(EngineSession engine, String change) throws SQLException {
        return known(engine, new Text(true, change), () -> readChange(engine, change));
    }

    private static Reading readChange(EngineSession engine, String change) throws SQLException {
        var tree = new QueryTree(true);
        tree.node(SqlTree.change(engine, change), Set.of());
        return tree.reading;
    }

    /**
     * The tables that a query or a change reads and writes, whatever else is in it: for those who may read everything.
     *
     * @throws SqlFailure when the engine's parser cannot tell
     */
    static Reading lenient(EngineSession engine, String statement) throws SQLException {
        var tree = new QueryTree(false);
        var query = SqlTree.parsed(engine, statement);
        tree.node(
                query.path("error").asBoolean(true) ? SqlTree.change(engine, statement) : SqlTree.single(query),
                Set.of());
        return tree.reading;
    }

    /** What is not known is passed over with all below it looked at, where only tables matter. */
    private void requireKnown(boolean known, String what) {
        if (whole && !known) {
            throw SqlTree.unknown(what);
        }
    }

    /** @param ctes names that stand for queries of the statement itself here */
    private void node(JsonNode node, Set<String> ctes) {
        if (node.isArray()) {
            node.forEach(child -> node(child, ctes));
        } else if (node.isObject()) {
            object(node, ctes);
        }
    }

    private void children(JsonNode node, Set<String> ctes, String... except) {
        var left = Set.of(except);
        node.properties().forEach(field -> {
            if (!left.contains(field.getKey())) {
                node(field.getValue(), ctes);
            }
        });
    }

    private void object(JsonNode node, Set<String> ctes) {
        if (node.path("class").isTextual()) {
            expression(node, ctes);
            return;
        }
        var scope = node.has("cte_map") ? withCtes(node.path("cte_map"), ctes) : ctes;
        switch (node.path("type").asText("")) {
            case "BASE_TABLE" -> table(node, scope);
            case "TABLE_FUNCTION" -> rowFunction(node, scope);
            case "JOIN" -> {
                if (node.path("ref_type").asText().equals("NATURAL")) {
                    reading.star = true;
                }
                node.path("using_columns").forEach(this::column);
                children(node, scope);
            }
            case "PIVOT" -> {
                reading.star = true; // by all columns that it does not name
                requireKnown(
                        node.path("source").isObject()
                                && node.path("pivots").findValuesAsText("pivot_enum").stream()
                                        .allMatch(String::isEmpty),
                        "PIVOT without its values");
                children(node, scope);
            }
            case "RECURSIVE_CTE_NODE" -> {
                node(node.path("left"), scope);
                var inner = new HashSet<>(scope);
                inner.add(lower(node.path("cte_name")));
                node(node.path("right"), inner);
                children(node, scope, "left", "right", "cte_map");
            }
            case "INSERT_QUERY_NODE" -> insert(node, scope);
            case "UPDATE_QUERY_NODE" -> update(node, scope);
            case "DELETE_QUERY_NODE" -> delete(node, scope);
            default -> {
                var type = node.path("type");
                requireKnown(!type.isTextual() || PLAIN.contains(type.asText()), type.asText());
                children(node, scope, "cte_map");
            }
        }
    }

    /** A name is one of these queries in those after it, and in what they are the beginning of. */
    private Set<String> withCtes(JsonNode map, Set<String> outer) {
        var scope = new HashSet<>(outer);
        for (var entry : map.path("map")) {
            node(entry.path("value"), Set.copyOf(scope));
            scope.add(lower(entry.path("key")));
        }
        return scope;
    }

    private void table(JsonNode node, Set<String> ctes) {
        var path = path(node);
        requireKnown(node.path("at_clause").isNull(), "table as it was");
        if (path.size() == 1 && ctes.contains(path.getFirst())) {
            return;
        }
        var aliases = new HashSet<>(Set.of(path.getLast()));
        if (!node.path("alias").asText().isEmpty()) {
            aliases.add(lower(node.path("alias")));
        }
        reading.sources.add(new Reading.Source(
                path, aliases, !node.path("column_name_alias").isEmpty()));
    }

    private static List<String> path(JsonNode node) {
        var parts = StreamSupport.stream(
                        node.path("qualified_name").path("path").spliterator(), false)
                .map(QueryTree::lower)
                .toList();
        if (parts.isEmpty() || parts.size() > 3) {
            throw SqlTree.unknown("table without a name");
        }
        return parts;
    }

    private void rowFunction(JsonNode node, Set<String> ctes) {
        var function = node.path("function");
        var name = lower(function.path("function_name"));
        RefusedFunctions.check(name);
        var allowed = function.path("schema").asText().isEmpty()
                && function.path("catalog").asText().isEmpty()
                && ROW_FUNCTIONS.contains(name);
        if (whole && !allowed) {
            throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + name);
        }
        children(node, ctes);
    }

    private void expression(JsonNode node, Set<String> ctes) {
        switch (node.path("class").asText()) {
            case "COLUMN_REF" -> {
                var names = node.path("column_names");
                names.forEach(this::column);
                reading.lastParts.add(lower(names.path(names.size() - 1)));
            }
            case "STAR" -> {
                reading.star = true;
                children(node, ctes);
            }
            case "FUNCTION", "WINDOW" -> {
                var name = lower(node.path("function_name"));
                RefusedFunctions.check(name);
                if (whole && REFUSED_FUNCTIONS.contains(name)) {
                    throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + name);
                }
                children(node, ctes);
            }
            default -> {
                requireKnown(
                        EXPRESSIONS.contains(node.path("class").asText()),
                        node.path("class").asText());
                children(node, ctes);
            }
        }
    }

    private void column(JsonNode name) {
        reading.columns.add(lower(name));
    }

    private void insert(JsonNode node, Set<String> ctes) {
        node(node.path("modifiers"), ctes);
        requirePlain(node, "on_conflict_info", ctes);
        requirePlain(node, "table_ref", ctes);
        requirePlain(node, "returning_list", ctes);
        write(path(node), Privilege.INSERT, node.path("columns"));
        node(node.path("select_statement"), ctes);
    }

    private void update(JsonNode node, Set<String> ctes) {
        node(node.path("modifiers"), ctes);
        requirePlain(node, "returning_list", ctes);
        var set = node.path("set_info");
        var target = node.path("table");
        write(target(target), Privilege.UPDATE, set.path("columns"));
        node(node.path("from_table"), ctes);
        node(set.path("condition"), ctes);
        node(set.path("expressions"), ctes);
        readTarget(target);
    }

    private void delete(JsonNode node, Set<String> ctes) {
        node(node.path("modifiers"), ctes);
        requirePlain(node, "returning_list", ctes);
        var target = node.path("table");
        write(target(target), Privilege.DELETE, JsonNodeFactory.instance.arrayNode());
        node(node.path("using_clauses"), ctes);
        node(node.path("condition"), ctes);
        readTarget(target);
    }

    private static List<String> target(JsonNode table) {
        if (!table.path("type").asText().equals("BASE_TABLE")) {
            throw SqlTree.unknown("change of " + table.path("type").asText());
        }
        return path(table);
    }

    /** A change that looks at columns may look at those of the table that it changes. */
    private void readTarget(JsonNode table) {
        if (reading.readsColumns()) {
            table(table, Set.of());
        }
    }

    private void write(List<String> path, Privilege privilege, JsonNode columns) {
        var names = StreamSupport.stream(columns.spliterator(), false)
                .map(QueryTree::lower)
                .toList();
        reading.writes.add(new Reading.Write(path, privilege, names));
    }

    private void requirePlain(JsonNode node, String member, Set<String> ctes) {
        var value = node.path(member);
        requireKnown(
                value.isNull() || value.isMissingNode() || (value.isArray() && value.isEmpty()),
                member.equals("returning_list") ? "RETURNING" : "ON CONFLICT");
        node(value, ctes);
    }

    private static String lower(JsonNode text) {
        return Names.folded(text.asText());
    }
}
