package dev.groundplane.warehouse.ddl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.engine.EngineSession;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables and views that a query of the engine names, and where. The engine itself says how it reads the query. */
final class ViewQuery {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A name of a table in a query.
     *
     * @param start its first character
     * @param hasAlias whether the query calls it by another name
     */
    record Reference(List<String> name, int start, boolean hasAlias) {}

    private final String sql;
    private final byte[] bytes;
    private final List<Reference> references = new ArrayList<>();
    private boolean hasStar;

    private ViewQuery(String sql) {
        this.sql = sql;
        this.bytes = sql.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a query. */
    static ViewQuery of(EngineSession engine, String sql) throws SQLException {
        var query = new ViewQuery(sql);
        var tree = engine.rows("SELECT json_serialize_sql(?)", sql).getFirst().getFirst();
        try {
            query.walk(JSON.readTree(Objects.requireNonNull(tree)), Set.of());
        } catch (JsonProcessingException e) {
            throw new SQLException("the engine describes a query by no JSON: " + tree, e);
        }
        query.references.sort(Comparator.comparingInt(Reference::start));
        return query;
    }

    /** From first to last; without the names of common table expressions. */
    List<Reference> references() {
        return references;
    }

    /** Whether it asks for all columns of something. */
    boolean hasStar() {
        return hasStar;
    }

    private void walk(JsonNode node, Set<String> expressions) {
        var visible = expressions;
        var expressionsHere = node.path("cte_map").path("map");
        if (!expressionsHere.isEmpty()) {
            visible = new HashSet<>(expressions);
            for (var entry : expressionsHere) {
                var name = entry.path("key").asText();
                var query = entry.path("value").path("query_node");
                if (query.path("type").asText().equals("RECURSIVE_CTE_NODE")) {
                    visible.add(name);
                }
                walk(query, visible);
                visible.add(name);
            }
        }
        hasStar |= node.path("class").asText().equals("STAR");
        if (node.path("type").asText().equals("BASE_TABLE")) {
            add(node, visible);
        }
        for (var property : node.properties()) {
            if (!property.getKey().equals("cte_map")) {
                walk(property.getValue(), visible);
            }
        }
        if (node.isArray()) {
            for (var element : node) {
                walk(element, visible);
            }
        }
    }

    private void add(JsonNode table, Set<String> expressions) {
        var name = new ArrayList<String>();
        table.path("qualified_name").path("path").forEach(part -> name.add(part.asText()));
        if (name.size() > 1 || !expressions.contains(name.getFirst())) {
            var start = new String(bytes, 0, table.path("query_location").asInt(), StandardCharsets.UTF_8).length();
            references.add(new Reference(
                    List.copyOf(name), start, !table.path("alias").asText().isEmpty()));
        }
    }

    /** The query with another name in the place of each reference; null where it stays. */
    String with(List<? extends @Nullable String> names) {
        var result = new StringBuilder(sql);
        for (var i = references.size() - 1; i >= 0; i--) {
            var name = names.get(i);
            if (name != null) {
                var reference = references.get(i);
                result.replace(reference.start(), end(reference), name);
            }
        }
        return result.toString();
    }

    /** Where a reference's name ends: after as many names with dots between them as it has. */
    private int end(Reference reference) {
        var at = reference.start();
        for (var part = 0; part < reference.name().size(); part++) {
            if (part > 0) {
                at = sql.indexOf('.', at) + 1;
            }
            while (Character.isWhitespace(sql.charAt(at))) {
                at++;
            }
            at = endOfName(at);
        }
        return at;
    }

    private int endOfName(int from) {
        if (sql.charAt(from) != '"') {
            var at = from;
            while (at < sql.length()
                    && (Character.isLetterOrDigit(sql.charAt(at)) || "_$".indexOf(sql.charAt(at)) >= 0)) {
                at++;
            }
            return at;
        }
        var at = from + 1;
        while (sql.charAt(at) != '"' || (at + 1 < sql.length() && sql.charAt(at + 1) == '"')) {
            at += sql.charAt(at) == '"' ? 2 : 1;
        }
        return at + 1;
    }
}
