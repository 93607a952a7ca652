package dev.groundplane.platform.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A policy document's outer form. Whatever is not understood is refused by name.
 *
 * @param hasVariables whether its version, 2012-10-17, has policy variables
 */
record Document(boolean hasVariables, List<ObjectNode> statements) {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    private static final String CURRENT = "2012-10-17";
    private static final Set<String> VERSIONS = Set.of(CURRENT, "2008-10-17");

    static Document of(String json) throws MalformedPolicyException {
        if (!(parse(json) instanceof ObjectNode document)) {
            throw new MalformedPolicyException("The policy document must be a JSON object.");
        }
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            switch (member.getKey()) {
                case "Version" -> {
                    if (!VERSIONS.contains(member.getValue().asText())) {
                        throw new MalformedPolicyException(
                                "Version must be 2012-10-17 or 2008-10-17, found " + member.getValue());
                    }
                }
                case "Id" -> text("Id", member.getValue());
                case "Statement" -> {}
                default -> throw new MalformedPolicyException("Syntax error: unknown member " + member.getKey());
            }
        }
        JsonNode statement = document.path("Statement");
        List<ObjectNode> statements = new ArrayList<>();
        for (JsonNode one : statement.isArray() ? statement : List.of(statement)) {
            if (!(one instanceof ObjectNode object)) {
                throw new MalformedPolicyException("Statement must be an object or a list of objects.");
            }
            statements.add(object);
        }
        if (statements.isEmpty()) {
            throw new MalformedPolicyException("The policy must have at least one Statement.");
        }
        return new Document(document.path("Version").asText().equals(CURRENT), List.copyOf(statements));
    }

    private static JsonNode parse(String json) throws MalformedPolicyException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new MalformedPolicyException("Syntax errors in policy: " + e.getOriginalMessage());
        }
    }

    /** Whether the statement's effect is Allow; else it is Deny. */
    static boolean allows(ObjectNode statement) throws MalformedPolicyException {
        String effect = statement.path("Effect").asText();
        return switch (effect) {
            case "Allow" -> true;
            case "Deny" -> false;
            default -> throw new MalformedPolicyException("Effect must be Allow or Deny, found '" + effect + "'.");
        };
    }

    /** A member that is one text; empty when it is missing. */
    static String text(String name, JsonNode value) throws MalformedPolicyException {
        if (!value.isMissingNode() && !value.isTextual()) {
            throw new MalformedPolicyException(name + " must be a string.");
        }
        return value.asText("");
    }

    /** A member that is one text or a list of texts. */
    static List<String> texts(String name, JsonNode value) throws MalformedPolicyException {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (!one.isTextual()) {
                throw new MalformedPolicyException(name + " must be a string or a list of strings.");
            }
            texts.add(one.asText());
        }
        return List.copyOf(texts);
    }

    /** A member that is one value or a list of values; numbers and booleans are taken as their text. */
    static List<String> scalars(String name, JsonNode value) throws MalformedPolicyException {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (!one.isValueNode() || one.isNull()) {
                throw new MalformedPolicyException(name + " must be a value or a list of values.");
            }
            texts.add(one.asText());
        }
        return List.copyOf(texts);
    }

    static MalformedPolicyException notImplemented(String what) {
        return new MalformedPolicyException(
                what + " is not implemented by this release of Groundplane, which would ignore it; leave it out.");
    }
}
