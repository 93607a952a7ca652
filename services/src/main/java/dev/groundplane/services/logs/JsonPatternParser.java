package dev.groundplane.services.logs;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Parses <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html">JSON
 * patterns</a>.
 *
 * <pre>
 * pattern    = "{" or "}"
 * or         = and { "||" and }
 * and        = condition { "&amp;&amp;" condition }
 * condition  = "(" or ")"
 *            | selector ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" ) value
 *            | selector "IS" ( "NULL" | "TRUE" | "FALSE" )
 *            | selector "NOT" "EXISTS"
 * selector   = "$" { "." name | "[" index "]" }
 * value      = word | quoted text
 * </pre>
 */
final class JsonPatternParser {
    /** Longer ones first, so that {@code <=} is not read as {@code <}. */
    private static final List<String> OPERATORS = List.of("!=", "<=", ">=", "=", "<", ">");

    private static final String ENDS_WORD = "(){}=!<>&|\"";
    private static final String ENDS_NAME = ENDS_WORD + ".[]";

    private final String pattern;
    private int at;

    JsonPatternParser(String pattern) {
        this.pattern = pattern;
    }

    FilterPattern parse() {
        expect("{");
        Predicate<JsonNode> condition = or();
        expect("}");
        if (at < pattern.length()) {
            throw malformed("nothing");
        }
        return new JsonPattern(condition);
    }

    private Predicate<JsonNode> or() {
        Predicate<JsonNode> any = and();
        while (take("||")) {
            any = any.or(and());
        }
        return any;
    }

    private Predicate<JsonNode> and() {
        Predicate<JsonNode> all = condition();
        while (take("&&")) {
            all = all.and(condition());
        }
        return all;
    }

    private Predicate<JsonNode> condition() {
        if (take("(")) {
            Predicate<JsonNode> inner = or();
            expect(")");
            return inner;
        }
        UnaryOperator<JsonNode> selector = selector();
        for (String operator : OPERATORS) {
            if (take(operator)) {
                return comparison(selector, operator);
            }
        }
        String keyword = word(ENDS_WORD).toUpperCase(Locale.ROOT);
        String operand = word(ENDS_WORD).toUpperCase(Locale.ROOT);
        return switch (keyword + " " + operand) {
            case "IS NULL" -> root -> selector.apply(root).isNull();
            case "IS TRUE" -> root -> isBoolean(selector.apply(root), true);
            case "IS FALSE" -> root -> isBoolean(selector.apply(root), false);
            case "NOT EXISTS" -> root -> selector.apply(root).isMissingNode();
            default -> throw malformed("a comparison, IS NULL, IS TRUE, IS FALSE or NOT EXISTS");
        };
    }

    private static boolean isBoolean(JsonNode field, boolean value) {
        return field.isBoolean() && field.booleanValue() == value;
    }

    private UnaryOperator<JsonNode> selector() {
        expect("$");
        UnaryOperator<JsonNode> selector = root -> root;
        while (at < pattern.length() && (pattern.charAt(at) == '.' || pattern.charAt(at) == '[')) {
            UnaryOperator<JsonNode> parent = selector;
            boolean member = pattern.charAt(at) == '.';
            at++;
            String step = word(ENDS_NAME);
            if (member) {
                selector = root -> parent.apply(root).path(step);
            } else {
                int index = index(step);
                selector = root -> parent.apply(root).path(index);
                expect("]");
            }
        }
        return selector;
    }

    private int index(String step) {
        try {
            return Integer.parseUnsignedInt(step);
        } catch (NumberFormatException e) {
            throw malformed("an array index instead of '" + step + "'");
        }
    }

    private Predicate<JsonNode> comparison(UnaryOperator<JsonNode> selector, String operator) {
        JsonValue value = value();
        return switch (operator) {
            case "=" -> root -> exists(selector.apply(root)) && value.equalTo(selector.apply(root));
            case "!=" -> root -> exists(selector.apply(root)) && !value.equalTo(selector.apply(root));
            case "<" -> order(selector, value, sign -> sign < 0);
            case "<=" -> order(selector, value, sign -> sign <= 0);
            case ">" -> order(selector, value, sign -> sign > 0);
            case ">=" -> order(selector, value, sign -> sign >= 0);
            default -> throw new IllegalStateException("operator " + operator);
        };
    }

    private static boolean exists(JsonNode field) {
        return !field.isMissingNode();
    }

    private Predicate<JsonNode> order(UnaryOperator<JsonNode> selector, JsonValue value, IntPredicate wanted) {
        BigDecimal limit = value.number().orElseThrow(() -> malformed("a number instead of '" + value.text() + "'"));
        return root -> {
            JsonNode field = selector.apply(root);
            return field.isNumber() && wanted.test(field.decimalValue().compareTo(limit));
        };
    }

    private JsonValue value() {
        skipSpace();
        if (at < pattern.length() && pattern.charAt(at) == '"') {
            QuotedText quoted = QuotedText.read(pattern, at);
            at = quoted.end();
            return JsonValue.quoted(quoted.text());
        }
        String word = word(ENDS_WORD);
        if (word.startsWith("%")) {
            throw FilterPattern.regularExpression();
        }
        return JsonValue.bare(word);
    }

    private String word(String ends) {
        skipSpace();
        int start = at;
        while (at < pattern.length()
                && !Character.isWhitespace(pattern.charAt(at))
                && ends.indexOf(pattern.charAt(at)) < 0) {
            at++;
        }
        if (start == at) {
            throw malformed("a word");
        }
        return pattern.substring(start, at);
    }

    private boolean take(String token) {
        skipSpace();
        boolean found = pattern.startsWith(token, at);
        if (found) {
            at += token.length();
        }
        return found;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw malformed("'" + token + "'");
        }
    }

    private void skipSpace() {
        while (at < pattern.length() && Character.isWhitespace(pattern.charAt(at))) {
            at++;
        }
    }

    private RuntimeException malformed(String expected) {
        return FilterPattern.malformed("expected %s at '%s'".formatted(expected, pattern.substring(at)));
    }
}
