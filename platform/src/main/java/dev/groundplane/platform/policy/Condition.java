package dev.groundplane.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One operator on one key. Source: IAM User Guide, "Conditions with multiple context keys or values".
 *
 * @param key in lower case
 * @param sets whether and how the operator looks at each of several values
 * @param absent what follows when the request does not have the key
 * @param matches the policy's values; one of them is enough
 */
record Condition(Operator operator, String key, Sets sets, boolean absent, List<Operator.Match> matches) {
    /** Set operators. */
    enum Sets {
        NONE,
        FOR_ALL_VALUES,
        FOR_ANY_VALUE
    }

    private static final String IF_EXISTS = "IfExists";
    private static final String ALL = "ForAllValues:";
    private static final String ANY = "ForAnyValue:";

    /** The conditions of a statement; all must hold. */
    static List<Condition> all(JsonNode json, boolean variables) throws MalformedPolicyException {
        List<Condition> conditions = new ArrayList<>();
        if (json.isMissingNode()) {
            return conditions;
        }
        if (!json.isObject()) {
            throw new MalformedPolicyException("Condition must be an object.");
        }
        for (Map.Entry<String, JsonNode> operator : json.properties()) {
            if (!operator.getValue().isObject()) {
                throw new MalformedPolicyException("Condition %s must be an object.".formatted(operator.getKey()));
            }
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                conditions.add(of(operator.getKey(), key.getKey(), key.getValue(), variables));
            }
        }
        return conditions;
    }

    private static Condition of(String name, String key, JsonNode values, boolean variables)
            throws MalformedPolicyException {
        String rest = name;
        Sets sets = Sets.NONE;
        if (rest.startsWith(ALL)) {
            sets = Sets.FOR_ALL_VALUES;
            rest = rest.substring(ALL.length());
        } else if (rest.startsWith(ANY)) {
            sets = Sets.FOR_ANY_VALUE;
            rest = rest.substring(ANY.length());
        }
        boolean ifExists = rest.endsWith(IF_EXISTS);
        if (ifExists) {
            rest = rest.substring(0, rest.length() - IF_EXISTS.length());
        }
        Operator operator = Operator.named(rest)
                .orElseThrow(() -> new MalformedPolicyException("Invalid Condition type : %s.".formatted(name)));
        if (operator == Operator.NULL && (ifExists || sets != Sets.NONE)) {
            throw new MalformedPolicyException("Invalid Condition type : %s.".formatted(name));
        }
        if (!key.contains(":")) {
            throw new MalformedPolicyException(
                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.; found '%s'"
                            .formatted(key));
        }
        List<Operator.Match> matches = new ArrayList<>();
        for (String value : Document.scalars("Condition " + name, values)) {
            matches.add(operator.match(value, variables));
        }
        boolean absent = ifExists
                || switch (sets) {
                    case NONE -> operator.negated();
                    case FOR_ALL_VALUES -> true;
                    case FOR_ANY_VALUE -> false;
                };
        return new Condition(operator, key.toLowerCase(Locale.ROOT), sets, absent, List.copyOf(matches));
    }

    boolean holds(ConditionValues values) {
        List<String> found = values.of(key);
        if (operator == Operator.NULL) {
            return anyMatches(Boolean.toString(found == null || found.isEmpty()), values);
        }
        if (found == null || found.isEmpty()) {
            return absent;
        }
        return switch (sets) {
            case NONE -> found.stream().anyMatch(value -> anyMatches(value, values)) != operator.negated();
            case FOR_ALL_VALUES -> found.stream().allMatch(value -> anyMatches(value, values) != operator.negated());
            case FOR_ANY_VALUE -> found.stream().anyMatch(value -> anyMatches(value, values) != operator.negated());
        };
    }

    private boolean anyMatches(String value, ConditionValues values) {
        for (Operator.Match match : matches) {
            if (match.of(value, values)) {
                return true;
            }
        }
        return false;
    }
}
