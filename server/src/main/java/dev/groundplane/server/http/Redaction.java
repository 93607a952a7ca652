package dev.groundplane.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Keeps out of the audit trail what CloudTrail keeps out of it: environment values, secrets, logged text. */
final class Redaction {
    private static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";
    private static final Set<String> MEMBERS = Set.of(
            "activationCode",
            "adminUserPassword",
            "authenticationConfiguration",
            "CONNECTION_URL", // which, as the next ones, may be in a connection of Glue's that is refused
            "environment",
            "JDBC_CONNECTION_URL", // which may have a password
            "KAFKA_CLIENT_KEYSTORE_PASSWORD",
            "KAFKA_CLIENT_KEY_PASSWORD",
            "KAFKA_SASL_PLAIN_PASSWORD",
            "KAFKA_SASL_SCRAM_PASSWORD",
            "logEvents",
            "masterUserPassword",
            "password",
            "secretAccessKey",
            "secretBinary",
            "secretString",
            "sessionToken",
            "webIdentityToken");
    /** Operations with secret members whose names say nothing elsewhere. */
    private static final Map<String, Set<String>> MEMBERS_OF_OPERATION = Map.of(
            "PutParameter", Set.of("value"),
            "ExecuteStatement", Set.of("sql", "parameters"),
            "BatchExecuteStatement", Set.of("sqls"));

    private static final Pattern ANY =
            Pattern.compile("\"(?:" + String.join("|", MEMBERS) + ")\"", Pattern.CASE_INSENSITIVE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Redaction() {}

    /** @param json a JSON object; returned as it is when there is nothing to hide */
    static String apply(String json) {
        if (!ANY.matcher(json).find()) {
            return json;
        }
        try {
            JsonNode tree = JSON.readTree(json);
            hide(tree);
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the codec wrote invalid JSON", e);
        }
    }

    /**
     * Hides also what only this operation's name tells to be secret.
     *
     * @param json the operation's request or response
     */
    static String apply(String operation, String json) {
        Set<String> members = MEMBERS_OF_OPERATION.get(operation);
        if (members == null) {
            return apply(json);
        }
        try {
            JsonNode tree = JSON.readTree(json);
            if (tree instanceof ObjectNode object) {
                hide(object, members);
            }
            hide(tree);
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the codec wrote invalid JSON", e);
        }
    }

    private static void hide(ObjectNode object, Set<String> members) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (members.stream().anyMatch(m -> m.equalsIgnoreCase(field.getKey()))) {
                field.setValue(object.textNode(HIDDEN));
            }
        }
    }

    private static void hide(JsonNode node) {
        if (node instanceof ObjectNode object) {
            hide(object, MEMBERS);
            object.forEach(Redaction::hide);
        } else if (node instanceof ArrayNode array) {
            array.forEach(Redaction::hide);
        }
    }
}
