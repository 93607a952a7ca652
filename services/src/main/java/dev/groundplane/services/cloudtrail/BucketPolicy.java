package dev.groundplane.services.cloudtrail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Whether a bucket's policy lets CloudTrail in, as the service that it is and not as a caller. What is not understood counts
 * against it: an Allow with it does not allow, a Deny with it denies. Source: AWS CloudTrail User Guide, "Amazon S3 bucket
 * policy for CloudTrail".
 */
final class BucketPolicy {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode statements;
    private final String principal;
    private final Map<String, String> context;

    /**
     * @param document the policy
     * @param principal the service's
     * @param context values of condition keys, by key in lower case
     */
    BucketPolicy(String document, String principal, Map<String, String> context) {
        this.principal = principal;
        this.context = context;
        JsonNode parsed;
        try {
            parsed = JSON.readTree(document).path("Statement");
        } catch (JsonProcessingException e) {
            parsed = JSON.createArrayNode(); // nothing that is no policy allows anything
        }
        statements = parsed.isObject() ? JSON.createArrayNode().add(parsed) : parsed;
    }

    boolean allows(String action, String resource) {
        boolean allowed = false;
        for (JsonNode statement : statements) {
            if (!isFor(statement) || !isAbout(statement, action, resource)) {
                continue;
            }
            if (statement.path("Effect").asText().equals("Deny")) {
                if (holds(statement, true)) {
                    return false;
                }
            } else if (holds(statement, false)) {
                allowed = true;
            }
        }
        return allowed;
    }

    private boolean isFor(JsonNode statement) {
        JsonNode named = statement.path("Principal");
        return statement.has("NotPrincipal")
                ? statement.path("Effect").asText().equals("Deny")
                : named.asText().equals("*")
                        || texts(named.path("AWS")).contains("*")
                        || texts(named.path("Service")).contains(principal);
    }

    private static boolean isAbout(JsonNode statement, String action, String resource) {
        boolean actions = texts(statement.path(statement.has("Action") ? "Action" : "NotAction")).stream()
                .anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), action.toLowerCase(Locale.ROOT)));
        boolean resources = texts(statement.path(statement.has("Resource") ? "Resource" : "NotResource")).stream()
                .anyMatch(pattern -> matches(pattern, resource));
        return actions == statement.has("Action") && resources == statement.has("Resource");
    }

    /** @param unknown what a condition counts for that cannot be told */
    private boolean holds(JsonNode statement, boolean unknown) {
        return statement.path("Condition").properties().stream()
                .allMatch(operator -> operator.getValue().properties().stream()
                        .allMatch(key -> holds(operator.getKey(), key.getKey(), texts(key.getValue()), unknown)));
    }

    private boolean holds(String operator, String key, List<String> wanted, boolean unknown) {
        boolean ifExists = operator.endsWith("IfExists");
        String value = context.get(key.toLowerCase(Locale.ROOT));
        if (value == null) {
            return ifExists || unknown;
        }
        return switch (ifExists ? operator.substring(0, operator.length() - "IfExists".length()) : operator) {
            case "StringEquals" -> any(wanted, value, String::equals);
            case "StringNotEquals" -> !any(wanted, value, String::equals);
            case "StringEqualsIgnoreCase", "Bool" -> any(wanted, value, String::equalsIgnoreCase);
            case "StringLike", "ArnLike", "ArnEquals" -> any(wanted, value, BucketPolicy::matches);
            case "StringNotLike", "ArnNotLike", "ArnNotEquals" -> !any(wanted, value, BucketPolicy::matches);
            default -> unknown;
        };
    }

    private static boolean any(List<String> wanted, String value, BiPredicate<String, String> fits) {
        return wanted.stream().anyMatch(one -> fits.test(one, value));
    }

    private static boolean matches(String pattern, String text) {
        String expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(expression, Pattern.DOTALL).matcher(text).matches();
    }

    private static List<String> texts(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false)
                        .map(JsonNode::asText)
                        .toList()
                : node.isMissingNode() ? List.of() : List.of(node.asText());
    }
}
