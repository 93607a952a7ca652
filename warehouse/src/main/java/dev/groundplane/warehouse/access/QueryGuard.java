package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Relations.Relation;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a user is shown of tables with policies in the place of these tables, in the tree that the engine's own parser makes of
 * a statement, and of the views that it reads. Made for one statement, or for one view.
 */
final class QueryGuard {
    /** Of views upon views. */
    private static final int DEEPEST = 32;

    private static final String ROWS = "groundplane_rows";

    private final EngineSession engine;
    private final Relations relations;
    private final Protection protection;
    private final @Nullable Relation view;
    private final int depth;
    private boolean guarded;
    /** Tables that were replaced under their own names. */
    private final List<Relation> named = new ArrayList<>();
    /** Columns with a schema before their table. */
    private final List<ObjectNode> longNames = new ArrayList<>();

    QueryGuard(EngineSession engine, Relations relations, Protection protection) {
        this(engine, relations, protection, null, 0);
    }

    private QueryGuard(
            EngineSession engine, Relations relations, Protection protection, @Nullable Relation view, int depth) {
        this.engine = engine;
        this.relations = relations;
        this.protection = protection;
        this.view = view;
        this.depth = depth;
    }

    /**
     * A query as the user may see it; empty when that is the query itself.
     *
     * @param query in the engine's SQL
     */
    Optional<String> query(String query) throws SQLException {
        var tree = SqlTree.query(engine, query);
        walk(tree, Set.of());
        shortenNames();
        return guarded ? Optional.of(SqlTree.text(engine, tree)) : Optional.empty();
    }

    /**
     * A change that reads and changes what the user may see; empty when that is the change itself.
     *
     * @param change an INSERT, UPDATE or DELETE in the engine's SQL
     */
    Optional<String> change(String change) throws SQLException {
        var tree = SqlTree.change(engine, change);
        if (tree.path("type").asText().equals("INSERT_QUERY_NODE")) {
            walk(tree, Set.of());
            shortenNames();
            return guarded ? Optional.of(new GuardedChange(engine).insert(tree)) : Optional.empty();
        }
        children(tree, Set.of(), "table");
        var target = target(tree.path("table"));
        var rows = target.isTemporary() ? Optional.<String>empty() : protectedRows(target, true);
        guarded |= rows.isPresent();
        if (alias(tree.path("table")).isEmpty()) {
            named.add(target);
        }
        shortenNames();
        return guarded ? Optional.of(new GuardedChange(engine).ofRows(tree, target, rows)) : Optional.empty();
    }

    private void walk(JsonNode node, Set<String> ctes) throws SQLException {
        if (!(node instanceof ObjectNode object)) {
            for (var child : node) {
                walk(child, ctes);
            }
            return;
        }
        var scope = object.has("cte_map") ? expressions(object.path("cte_map"), ctes) : ctes;
        switch (object.path("type").asText("")) {
            case "BASE_TABLE" -> table(object, scope);
            case "RECURSIVE_CTE_NODE" -> {
                walk(object.path("left"), scope);
                var inner = new HashSet<>(scope);
                inner.add(Names.folded(object.path("cte_name").asText()));
                walk(object.path("right"), inner);
                children(object, scope, "left", "right", "cte_map");
            }
            case "COLUMN_REF" -> {
                if (object.path("column_names").size() > 2) {
                    longNames.add(object);
                }
            }
            default -> children(object, scope, "cte_map");
        }
    }

    private void children(ObjectNode node, Set<String> ctes, String... except) throws SQLException {
        var left = Set.of(except);
        for (var property : node.properties()) {
            if (!left.contains(property.getKey())) {
                walk(property.getValue(), ctes);
            }
        }
    }

    /** As {@link QueryTree} has them. */
    private Set<String> expressions(JsonNode map, Set<String> outer) throws SQLException {
        var scope = new HashSet<>(outer);
        for (var entry : map.path("map")) {
            walk(entry.path("value"), Set.copyOf(scope));
            scope.add(Names.folded(entry.path("key").asText()));
        }
        return scope;
    }

    private void table(ObjectNode node, Set<String> ctes) throws SQLException {
        var path = path(node);
        if (path.size() == 1 && ctes.contains(path.getFirst())) {
            return;
        }
        var found = relations.find(path, view);
        var queries = new ArrayList<Optional<String>>();
        for (var relation : found) {
            queries.add(replacement(relation));
        }
        if (queries.stream().allMatch(Optional::isEmpty)) {
            if (view != null && found.size() == 1) {
                name(engine, node, found.getFirst().target());
            }
            return;
        }
        if (found.size() > 1) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: it cannot be told which relation \"%s\" is, and one of them has policies"
                            .formatted(String.join(".", path)));
        }
        guarded = true;
        if (alias(node).isEmpty()) {
            named.add(found.getFirst());
        }
        replace(node, queries.getFirst().orElseThrow(), path.getLast());
    }

    private static List<String> path(JsonNode node) {
        var path = new ArrayList<String>();
        node.path("qualified_name").path("path").forEach(part -> path.add(Names.folded(part.asText())));
        return path;
    }

    static String alias(JsonNode node) {
        return node.path("alias").asText();
    }

    /** Gives a table its whole name: another query that it will stand in may have the same name for something else. */
    static void name(EngineSession engine, ObjectNode node, Target table) throws SQLException {
        var name = SqlTree.query(engine, "SELECT 1 FROM " + Protection.whole(table))
                .path("from_table");
        for (var member : List.of("schema_name", "table_name", "catalog_name", "qualified_name")) {
            node.set(member, name.path(member));
        }
    }

    /** What stands for a relation; empty for the relation itself. */
    private Optional<String> replacement(Relation relation) throws SQLException {
        if (relation.view() != null && !relation.database().equals(Relations.ENGINE)) {
            return viewed(relation, relation.view());
        }
        if (relation.isNobodys()) {
            return Optional.empty();
        }
        var kept = relations.keptQuery(relation);
        if (kept.isPresent() && viewed(relation, kept.get()).isPresent()) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied for relation %s: its rows are of tables with policies"
                            .formatted(relation.name()));
        }
        return protectedRows(relation, false);
    }

    private Optional<String> viewed(Relation relation, String query) throws SQLException {
        if (depth == DEEPEST) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied: views upon more than %d views".formatted(DEEPEST));
        }
        var seen = new QueryGuard(engine, relations, protection, relation, depth + 1).query(query);
        if (seen.isEmpty()) {
            return seen;
        }
        var columns = relations.viewColumns(relation);
        return Optional.of("SELECT * FROM (%s) AS %s%s"
                .formatted(
                        seen.get(),
                        ROWS,
                        columns.isEmpty()
                                ? ""
                                : columns.stream().map(Names::quote).collect(Collectors.joining(", ", "(", ")"))));
    }

    private Optional<String> protectedRows(Relation relation, boolean withRow) throws SQLException {
        return protection.kinds(relation.target()).isEmpty()
                ? Optional.empty()
                : protection.query(relation.target(), relations.columnTypes(relation.target()), withRow);
    }

    /** A subquery where a table was, under the name by which the statement knows it. */
    private void replace(ObjectNode node, String query, String name) throws SQLException {
        var subquery = (ObjectNode) SqlTree.query(engine, "SELECT * FROM (" + query + ") AS " + ROWS)
                .path("from_table");
        subquery.put("alias", alias(node).isEmpty() ? name : alias(node));
        subquery.set("column_name_alias", node.path("column_name_alias"));
        subquery.set("sample", node.path("sample"));
        node.removeAll();
        node.setAll(subquery);
    }

    /** A subquery has no schema: {@code schema.table.column} is {@code table.column}. */
    private void shortenNames() {
        for (var column : longNames) {
            var names = (ArrayNode) column.path("column_names");
            for (var relation : named) {
                var whole = List.of(relation.database(), relation.schema(), relation.name());
                if (begins(names, whole.subList(1, 3))) {
                    names.remove(0);
                } else if (begins(names, whole)) {
                    names.remove(0);
                    names.remove(0);
                }
            }
        }
    }

    private static boolean begins(ArrayNode names, List<String> begin) {
        if (names.size() <= begin.size()) {
            return false;
        }
        for (var i = 0; i < begin.size(); i++) {
            if (!Names.folded(names.path(i).asText()).equals(Names.folded(begin.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private Relation target(JsonNode table) throws SQLException {
        var found = relations.require(path(table));
        if (found.size() > 1) {
            throw SqlTree.unknown("statement");
        }
        return found.getFirst();
    }
}
