package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.engine.Names;
import dev.groundplane.warehouse.sql.Privilege;
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
    private static final ObjectMapper JSON = new ObjectMapper();

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
    private static final Set<String> REFUSED_FUNCTIONS =
            Set.of("nextval", "currval", "setval", "getvariable", "stats", "sleep_ms", "current_query");

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

    private QueryTree() {}

    /**
     * What a query reads.
     *
     * @param query in the engine's SQL
     * @throws SqlFailure when it is no query, or has something in it that is not known here
     */
    static Reading ofQuery(EngineSession engine, String query) throws SQLException {
        var tree = new QueryTree();
        tree.node(serialized(engine, query), Set.of());
        return tree.reading;
    }

    /** What an INSERT, UPDATE or DELETE reads and writes: the engine's parser tells of them within a query only. */
    static Reading ofChange(EngineSession engine, String change) throws SQLException {
        var wrapped = serialized(engine, "WITH change AS (" + change + ") SELECT 1");
        var entries = wrapped.path("cte_map").path("map");
        if (entries.size() != 1) {
            throw unknown("statement");
        }
        var tree = new QueryTree();
        tree.node(entries.path(0).path("value").path("query_node"), Set.of());
        return tree.reading;
    }

    private static JsonNode serialized(EngineSession engine, String sql) throws SQLException {
        try (var statement = engine.prepare("SELECT json_serialize_sql(?)")) {
            statement.setString(1, sql);
            try (var rows = statement.executeQuery()) {
                rows.next();
                var tree = JSON.readTree(rows.getString(1));
                if (tree.path("error").asBoolean(true)) {
                    throw tree.path("error_type").asText().equals("parser")
                            ? SqlFailure.of(
                                    SqlState.SYNTAX_ERROR,
                                    tree.path("error_message").asText())
                            : unknown("statement");
                }
                var statements = tree.path("statements");
                if (statements.size() != 1) {
                    throw unknown("statement");
                }
                return statements.path(0).path("node");
            }
        } catch (JsonProcessingException e) {
            throw unknown("statement");
        }
    }

    private static SqlFailure unknown(String what) {
        return SqlFailure.of(
                SqlState.INSUFFICIENT_PRIVILEGE,
                "permission denied: %s is for superusers, because it cannot be told what it reads".formatted(what));
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
                if (!node.path("source").isObject()
                        || !node.path("pivots").findValuesAsText("pivot_enum").stream()
                                .allMatch(String::isEmpty)) {
                    throw unknown("PIVOT without its values");
                }
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
                if (type.isTextual() && !PLAIN.contains(type.asText())) {
                    throw unknown(type.asText());
                }
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
        if (!node.path("at_clause").isNull()) {
            throw unknown("a table as it was");
        }
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
            throw unknown("a table without a name");
        }
        return parts;
    }

    private void rowFunction(JsonNode node, Set<String> ctes) {
        var function = node.path("function");
        var name = lower(function.path("function_name"));
        var allowed = function.path("schema").asText().isEmpty()
                && function.path("catalog").asText().isEmpty()
                && ROW_FUNCTIONS.contains(name);
        if (!allowed) {
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
                if (REFUSED_FUNCTIONS.contains(name)) {
                    throw SqlFailure.of(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for function " + name);
                }
                children(node, ctes);
            }
            default -> {
                if (!EXPRESSIONS.contains(node.path("class").asText())) {
                    throw unknown(node.path("class").asText());
                }
                children(node, ctes);
            }
        }
    }

    private void column(JsonNode name) {
        reading.columns.add(lower(name));
    }

    private void insert(JsonNode node, Set<String> ctes) {
        node(node.path("modifiers"), ctes);
        requirePlain(node, "on_conflict_info");
        requirePlain(node, "table_ref");
        requirePlain(node, "returning_list");
        write(path(node), Privilege.INSERT, node.path("columns"));
        node(node.path("select_statement"), ctes);
    }

    private void update(JsonNode node, Set<String> ctes) {
        node(node.path("modifiers"), ctes);
        requirePlain(node, "returning_list");
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
        requirePlain(node, "returning_list");
        var target = node.path("table");
        write(target(target), Privilege.DELETE, JSON.createArrayNode());
        node(node.path("using_clauses"), ctes);
        node(node.path("condition"), ctes);
        readTarget(target);
    }

    private static List<String> target(JsonNode table) {
        if (!table.path("type").asText().equals("BASE_TABLE")) {
            throw unknown("a change of " + table.path("type").asText());
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

    private static void requirePlain(JsonNode node, String member) {
        var value = node.path(member);
        if (!value.isNull() && !value.isMissingNode() && !(value.isArray() && value.isEmpty())) {
            throw unknown(member.equals("returning_list") ? "RETURNING" : "ON CONFLICT");
        }
    }

    private static String lower(JsonNode text) {
        return Names.folded(text.asText());
    }
}
