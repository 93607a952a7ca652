package dev.groundplane.services.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What the signer of a form allows to be sent with it. Source: Amazon S3 API Reference, "Creating a POST policy".
 *
 * @param conditions each holds or the form is refused
 */
record PostPolicy(Instant expiration, List<Condition> conditions, SizeRange sizes) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONDITION_WORDS = 3;
    /** What no condition has to mention. */
    private static final Set<String> EXEMPT =
            Set.of("awsaccesskeyid", "file", "policy", "signature", "x-amz-signature");

    private static final String IGNORED_PREFIX = "x-ignore-";

    /**
     * @param field in lower case
     * @param text as the policy has it, for messages
     */
    private record Condition(String field, String value, boolean prefix, String text) {
        boolean holds(Map<String, String> fields) {
            String found = fields.getOrDefault(field, "");
            return prefix ? found.startsWith(value) : found.equals(value);
        }
    }

    /** @throws S3Exception {@code InvalidPolicyDocument} */
    static PostPolicy of(String json) {
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw invalid("it is not JSON");
        }
        if (!document.path("conditions").isArray()) {
            throw invalid("it has no list of conditions");
        }
        List<Condition> conditions = new ArrayList<>();
        SizeRange sizes = SizeRange.ANY;
        for (JsonNode each : document.path("conditions")) {
            if (each.isObject()) {
                each.properties().forEach(one -> conditions.add(equal(one.getKey(), one.getValue(), each)));
            } else if (each.size() == CONDITION_WORDS && word(each).equals("content-length-range")) {
                sizes = sizes.and(new SizeRange(number(each, 1), number(each, 2)));
            } else {
                conditions.add(listed(each));
            }
        }
        return new PostPolicy(expiration(document.path("expiration").asText()), List.copyOf(conditions), sizes);
    }

    private static Instant expiration(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw invalid("Invalid 'expiration' value: '%s'; it must be like 2026-01-31T23:59:59Z".formatted(text));
        }
    }

    private static Condition equal(String field, JsonNode value, JsonNode whole) {
        return new Condition(field.toLowerCase(Locale.ROOT), value.asText(), false, whole.toString());
    }

    private static Condition listed(JsonNode list) {
        String field = list.path(1).asText();
        boolean prefix = word(list).equals("starts-with");
        if (list.size() != CONDITION_WORDS
                || !field.startsWith("$")
                || !(prefix || word(list).equals("eq"))) {
            throw invalid(
                    "a condition must be {\"FIELD\": \"VALUE\"}, [\"eq\" or \"starts-with\", \"$FIELD\", \"VALUE\"] or"
                            + " [\"content-length-range\", LEAST, MOST], found " + list);
        }
        return new Condition(
                field.substring(1).toLowerCase(Locale.ROOT), list.path(2).asText(), prefix, list.toString());
    }

    private static String word(JsonNode list) {
        return list.path(0).asText().toLowerCase(Locale.ROOT);
    }

    private static long number(JsonNode list, int at) {
        String text = list.path(at).asText();
        if (!text.matches("[0-9]{1,18}")) {
            throw invalid("content-length-range takes numbers of bytes, found " + list);
        }
        return Long.parseLong(text);
    }

    static S3Exception invalid(String why) {
        return S3Errors.of("InvalidPolicyDocument", 400, "Invalid Policy: %s", why);
    }

    /**
     * Holds a form's fields against the conditions: all must hold, and none of the fields may be without one.
     *
     * @param fields by name in lower case, the bucket among them
     * @return how many bytes the file may have
     * @throws S3Exception {@code AccessDenied}
     */
    SizeRange permitted(Map<String, String> fields, Instant now) {
        if (!expiration.isAfter(now)) {
            throw refused("Policy expired.");
        }
        for (Condition condition : conditions) {
            if (!condition.holds(fields)) {
                throw refused("Policy Condition failed: " + condition.text());
            }
        }
        Set<String> extra = new HashSet<>(fields.keySet());
        extra.removeAll(EXEMPT);
        extra.removeIf(name -> name.startsWith(IGNORED_PREFIX));
        conditions.forEach(condition -> extra.remove(condition.field()));
        if (!extra.isEmpty()) {
            throw refused("Extra input fields: "
                    + String.join(", ", extra.stream().sorted().toList()));
        }
        return sizes;
    }

    private static S3Exception refused(String why) {
        return S3Errors.accessDenied("Invalid according to Policy: %s", why);
    }
}
