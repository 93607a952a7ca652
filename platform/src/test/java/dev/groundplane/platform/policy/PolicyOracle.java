package dev.groundplane.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A second evaluation of policies, straight from AWS's documentation and slow: it walks the JSON for each question and uses
 * nothing of what it checks. Its answer is {@code ALLOW}, {@code DENY kind} or {@code MISSING kind}.
 */
final class PolicyOracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A question. Lists of documents are JSON texts; null where there is none. */
    record Case(
            String type, // Root, User, Role
            String account,
            String userArn, // of the user or role
            String sessionArn, // of the session; the same as userArn for users
            String action,
            String resource,
            String owner,
            Map<String, List<String>> context,
            List<List<String>> controls,
            List<String> identity,
            Optional<String> boundary,
            Optional<List<String>> session,
            Optional<String> resourcePolicy) {}

    private final Case asked;
    private final Map<String, List<JsonNode>> parsed = new HashMap<>();

    private PolicyOracle(Case asked) {
        this.asked = asked;
    }

    static String decide(Case asked) {
        return new PolicyOracle(asked).decide();
    }

    private String decide() {
        boolean isRoot = asked.type().equals("Root");
        // 1. An explicit deny anywhere.
        for (List<String> level : asked.controls()) {
            if (any(level, "Deny")) {
                return "DENY SERVICE_CONTROL";
            }
        }
        if (asked.resourcePolicy().isPresent()
                && statements(asked.resourcePolicy().get()).stream()
                        .anyMatch(s -> effect(s, "Deny")
                                && principal(s) > 0
                                && applies(s, asked.resourcePolicy().get()))) {
            return "DENY RESOURCE";
        }
        if (!isRoot && any(asked.identity(), "Deny")) {
            return "DENY IDENTITY";
        }
        if (asked.boundary().isPresent() && any(List.of(asked.boundary().get()), "Deny")) {
            return "DENY BOUNDARY";
        }
        if (asked.session().isPresent() && any(asked.session().get(), "Deny")) {
            return "DENY SESSION";
        }
        // 2. Organizations: each level.
        for (List<String> level : asked.controls()) {
            if (!any(level, "Allow")) {
                return "MISSING SERVICE_CONTROL";
            }
        }
        // 3. Resource-based policies.
        int named = 0;
        if (asked.resourcePolicy().isPresent()) {
            for (JsonNode s : statements(asked.resourcePolicy().get())) {
                if (effect(s, "Allow") && applies(s, asked.resourcePolicy().get())) {
                    named = Math.max(named, principal(s));
                }
            }
        }
        boolean sameAccount = asked.owner().equals(asked.account());
        boolean byIdentity = isRoot || any(asked.identity(), "Allow");
        boolean byBoundary =
                asked.boundary().isEmpty() || any(List.of(asked.boundary().get()), "Allow");
        boolean bySession = asked.session().isEmpty() || any(asked.session().get(), "Allow");
        if (sameAccount) {
            if (named == 3 || (named == 2 && !asked.type().equals("Role"))) {
                return "ALLOW";
            }
            if (named == 2) { // a role: bounded by what lacks in boundary and session, not by its own policies
                return !byBoundary ? "MISSING BOUNDARY" : !bySession ? "MISSING SESSION" : "ALLOW";
            }
        } else if (named == 0) {
            return "MISSING RESOURCE";
        }
        return !byIdentity
                ? "MISSING IDENTITY"
                : !byBoundary ? "MISSING BOUNDARY" : !bySession ? "MISSING SESSION" : "ALLOW";
    }

    private boolean any(List<String> documents, String effect) {
        for (String document : documents) {
            for (JsonNode statement : statements(document)) {
                if (effect(statement, effect) && applies(statement, document)) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<JsonNode> statements(String document) {
        return parsed.computeIfAbsent(document, PolicyOracle::parse);
    }

    private static List<JsonNode> parse(String document) {
        try {
            return list(JSON.readTree(document).get("Statement"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonNode> list(JsonNode node) {
        List<JsonNode> all = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(all::add);
        } else {
            all.add(node);
        }
        return all;
    }

    private static boolean effect(JsonNode statement, String effect) {
        return statement.get("Effect").asText().equals(effect);
    }

    private boolean applies(JsonNode statement, String document) {
        boolean variables = document.contains("2012-10-17");
        boolean action = statement.has("Action")
                ? list(statement.get("Action")).stream().anyMatch(a -> action(a.asText()))
                : list(statement.get("NotAction")).stream().noneMatch(a -> action(a.asText()));
        boolean resource = true;
        if (statement.has("Resource")) {
            resource = list(statement.get("Resource")).stream()
                    .anyMatch(r -> arn(r.asText(), asked.resource(), variables));
        } else if (statement.has("NotResource")) {
            resource = list(statement.get("NotResource")).stream()
                    .noneMatch(r -> arn(r.asText(), asked.resource(), variables));
            for (JsonNode r : list(statement.get("NotResource"))) {
                if (variables && effect(statement, "Allow") && substitute(r.asText()) == null) {
                    resource = false;
                }
            }
        }
        return action && resource && conditions(statement.get("Condition"), variables);
    }

    private boolean action(String pattern) {
        return pattern.equals("*")
                || glob(pattern.toLowerCase(Locale.ROOT), asked.action().toLowerCase(Locale.ROOT));
    }

    private static final Map<String, Pattern> COMPILED = new HashMap<>();

    private static boolean glob(String pattern, String text) {
        return COMPILED.computeIfAbsent(pattern, p -> Pattern.compile(regex(p)))
                .matcher(text)
                .matches();
    }

    /** Wildcards to a regular expression; \u0001 and \u0002 stand for literal ones. */
    private static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> regex.append("(?s:.*)");
                case '?' -> regex.append("(?s:.)");
                case '\u0001' -> regex.append("\\*");
                case '\u0002' -> regex.append("\\?");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    /** Replaces variables; values' wildcards become literal; null when a variable has no value. */
    private String substitute(String text) {
        String result = text;
        while (true) {
            int begin = result.indexOf("${");
            if (begin < 0) {
                return result.replace('\u0003', '$');
            }
            int end = result.indexOf('}', begin);
            String name = result.substring(begin + 2, end);
            String value;
            if (name.equals("*")) {
                value = "\u0001";
            } else if (name.equals("?")) {
                value = "\u0002";
            } else if (name.equals("$")) {
                value = "\u0003";
            } else {
                String key = name.split(",")[0].trim().toLowerCase(Locale.ROOT);
                List<String> known = asked.context().get(key);
                if (known != null && known.size() == 1) {
                    value = known.get(0);
                } else if (name.contains(",")) {
                    value = name.substring(name.indexOf('\'') + 1, name.lastIndexOf('\''));
                } else {
                    return null;
                }
                value = value.replace('*', '\u0001').replace('?', '\u0002').replace('$', '\u0003');
            }
            result = result.substring(0, begin) + value + result.substring(end + 1);
        }
    }

    private boolean arn(String pattern, String arn, boolean variables) {
        if (pattern.equals("*")) {
            return true;
        }
        String ready = variables ? substitute(pattern) : pattern;
        if (ready == null) {
            return false;
        }
        String[] wanted = ready.split(":", 6);
        String[] found = arn.split(":", 6);
        if (found.length < 6) {
            return glob(ready, arn);
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!glob(wanted[i], found[i])) {
                return false;
            }
        }
        return true;
    }

    /** 0 not at all, 1 by account, 2 as user or role or everyone, 3 as the session. */
    private int principal(JsonNode statement) {
        if (statement.has("NotPrincipal")) {
            return named(statement.get("NotPrincipal")) >= 2 ? 0 : 2;
        }
        return named(statement.get("Principal"));
    }

    private int named(JsonNode principal) {
        int best = 0;
        for (JsonNode one : principal.isTextual() ? List.of(principal) : list(principal.get("AWS"))) {
            String text = one.asText();
            String account = asked.account();
            boolean isAccount = text.equals(account) || text.equals("arn:aws:iam::" + account + ":root");
            int how = 0;
            if (text.equals("*")) {
                how = 2;
            } else if (isAccount) {
                how = asked.type().equals("Root") ? 2 : 1;
            } else if (text.equals(asked.sessionArn()) && asked.type().equals("Role")) {
                how = 3;
            } else if (text.equals(asked.userArn())) {
                how = 2;
            }
            best = Math.max(best, how);
        }
        return best;
    }

    private boolean conditions(JsonNode conditions, boolean variables) {
        if (conditions == null) {
            return true;
        }
        for (Map.Entry<String, JsonNode> operator : conditions.properties()) {
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                List<String> wanted =
                        list(key.getValue()).stream().map(JsonNode::asText).toList();
                if (!condition(operator.getKey(), key.getKey().toLowerCase(Locale.ROOT), wanted, variables)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean condition(String name, String key, List<String> wanted, boolean variables) {
        List<String> found = asked.context().getOrDefault(key, List.of());
        String operator = name.replaceFirst("^For(All|Any)Values?:", "");
        boolean ifExists = operator.endsWith("IfExists");
        operator = operator.replaceFirst("IfExists$", "");
        if (operator.equals("Null")) {
            return wanted.contains(String.valueOf(found.isEmpty()));
        }
        boolean negative = operator.contains("Not");
        String positive = operator.replace("NotIp", "Ip").replace("Not", "");
        if (found.isEmpty()) {
            return ifExists || name.startsWith("ForAll") || (negative && !name.startsWith("ForAny"));
        }
        List<Boolean> each = new ArrayList<>();
        for (String value : found) {
            boolean one = wanted.stream().anyMatch(w -> test(positive, w, value, variables));
            each.add(negative ? !one : one);
        }
        if (name.startsWith("ForAny")) {
            return each.contains(true);
        }
        if (name.startsWith("ForAll") || negative) {
            return !each.contains(false);
        }
        return each.contains(true);
    }

    private boolean test(String operator, String wanted, String value, boolean variables) {
        return switch (operator) {
            case "StringEquals", "StringEqualsIgnoreCase", "StringLike" -> text(operator, wanted, value, variables);
            case "ArnEquals", "ArnLike" -> arn(wanted, value, variables);
            case "Bool" -> wanted.equalsIgnoreCase(value);
            case "NumericEquals" -> isNumber(value) && order(value, wanted) == 0;
            case "NumericLessThan" -> isNumber(value) && order(value, wanted) < 0;
            case "NumericGreaterThanEquals" -> isNumber(value) && order(value, wanted) >= 0;
            case "DateLessThan" -> Instant.parse(value).isBefore(Instant.parse(wanted));
            case "DateGreaterThan" -> Instant.parse(value).isAfter(Instant.parse(wanted));
            case "IpAddress" -> inBlock(wanted, value);
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private boolean text(String operator, String wanted, String value, boolean variables) {
        String ready = variables ? substitute(wanted) : wanted;
        if (ready == null) {
            return false;
        }
        if (operator.equals("StringLike")) {
            return glob(ready, value);
        }
        String literal = ready.replace('\u0001', '*').replace('\u0002', '?');
        return operator.equals("StringEquals") ? literal.equals(value) : literal.equalsIgnoreCase(value);
    }

    private static boolean isNumber(String value) {
        return value.matches("-?[0-9.]+");
    }

    private static int order(String value, String wanted) {
        return new BigDecimal(value).compareTo(new BigDecimal(wanted));
    }

    /** IPv4 only. */
    private static boolean inBlock(String block, String address) {
        if (!address.matches("[0-9.]+") || !block.contains(".")) {
            return false;
        }
        int bits = block.contains("/") ? Integer.parseInt(block.substring(block.indexOf('/') + 1)) : 32;
        long mask = bits == 0 ? 0 : (0xFFFFFFFFL << (32 - bits)) & 0xFFFFFFFFL;
        return (number(block.replaceFirst("/.*", "")) & mask) == (number(address) & mask);
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.")) {
            number = number * 256 + Integer.parseInt(part);
        }
        return number;
    }
}
