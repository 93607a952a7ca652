package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.sql.SQLException;
import java.util.Objects;

/** The tree that the engine's own parser makes of a statement, and the text that the engine makes of a tree. */
final class SqlTree {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SqlTree() {}

    /** What the engine's parser says of a statement, which may be that it is no query. */
    static JsonNode parsed(EngineSession engine, String sql) throws SQLException {
        try {
            return JSON.readTree(Objects.requireNonNull(
                    engine.rows("SELECT json_serialize_sql(?)", sql).getFirst().getFirst()));
        } catch (JsonProcessingException e) {
            throw unknown("statement");
        }
    }

    /**
     * The one query that a text is.
     *
     * @throws SqlFailure when it is none
     */
    static ObjectNode query(EngineSession engine, String sql) throws SQLException {
        var tree = parsed(engine, sql);
        if (tree.path("error").asBoolean(true)) {
            throw tree.path("error_type").asText().equals("parser")
                    ? SqlFailure.of(
                            SqlState.SYNTAX_ERROR, tree.path("error_message").asText())
                    : unknown("statement");
        }
        return single(tree);
    }

    /** The query of what {@link #parsed} gave. */
    static ObjectNode single(JsonNode tree) {
        var statements = tree.path("statements");
        if (statements.size() == 1 && statements.path(0).path("node") instanceof ObjectNode query) {
            return query;
        }
        throw unknown("statement");
    }

    /**
     * An INSERT, UPDATE or DELETE: the engine's parser tells of them within a query only.
     *
     * @throws SqlFailure when it is none
     */
    static ObjectNode change(EngineSession engine, String change) throws SQLException {
        var entries = query(engine, "WITH change AS (" + change + ") SELECT 1")
                .path("cte_map")
                .path("map");
        if (entries.size() == 1 && entries.path(0).path("value").path("query_node") instanceof ObjectNode node) {
            return node;
        }
        throw unknown("statement");
    }

    /** The engine's text of a query. */
    static String text(EngineSession engine, JsonNode query) throws SQLException {
        var tree = JSON.createObjectNode().put("error", false);
        var statement = tree.putArray("statements").addObject();
        statement.set("node", query);
        statement.putArray("named_param_map");
        return Objects.requireNonNull(engine.rows("SELECT json_deserialize_sql(?::JSON)", tree.toString())
                .getFirst()
                .getFirst());
    }

    static SqlFailure unknown(String what) {
        return SqlFailure.of(
                SqlState.INSUFFICIENT_PRIVILEGE,
                "permission denied: it cannot be told what this %s reads or changes".formatted(what));
    }
}
