package dev.groundplane.warehouse.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where in a JSON value a column's value is.
 *
 * @param steps names of members and, as numbers, places in arrays
 * @param ignoresCase whether members are found by names in other case
 * @param whole whether the column takes any JSON value
 */
record JsonField(List<Object> steps, boolean ignoresCase, boolean whole) {
    private static final Pattern STEP =
            Pattern.compile("\\G(?:\\.([\\w$-]+)|\\['([^']+)'\\]|\\[\"([^\"]+)\"\\]|\\[(\\d+)\\])");

    /**
     * Reads a JSONPath expression of Redshift's, {@code $.a.b}, {@code $['a'][0]}.
     *
     * @throws SqlFailure when it is none
     */
    static JsonField path(String expression, TargetColumn column) {
        if (!expression.startsWith("$") || expression.contains("..") || expression.contains("*")) {
            throw invalid(expression);
        }
        var matcher = STEP.matcher(expression).region(1, expression.length());
        var steps = new ArrayList<Object>();
        var end = 1;
        while (matcher.find()) {
            steps.add(
                    matcher.group(4) != null
                            ? (Object) Integer.valueOf(matcher.group(4))
                            : Stream.of(1, 2, 3)
                                    .map(matcher::group)
                                    .filter(group -> group != null)
                                    .findFirst()
                                    .orElseThrow());
            end = matcher.end();
        }
        if (end < expression.length()) {
            throw invalid(expression);
        }
        return new JsonField(steps, false, column.kind() == TargetColumn.Kind.SUPER);
    }

    private static SqlFailure invalid(String expression) {
        return SqlFailure.of(
                SqlState.INTERNAL_ERROR,
                "Invalid JSONPath format '%s': write $['name'], $.name or $[0]".formatted(expression));
    }

    /** Its text; null where it is not there or JSON's null. */
    @Nullable
    String of(JsonNode value) {
        var found = value;
        for (var step : steps) {
            found = step instanceof Integer index ? found.path(index) : member(found, (String) step);
        }
        if (found.isMissingNode() || (found.isNull() && !(whole && steps.isEmpty()))) {
            return null;
        }
        return whole || found.isContainerNode() ? found.toString() : found.asText();
    }

    private JsonNode member(JsonNode value, String name) {
        if (!ignoresCase || value.has(name)) {
            return value.path(name);
        }
        for (var member : value.properties()) {
            if (member.getKey().equalsIgnoreCase(name)) {
                return member.getValue();
            }
        }
        return value.path(name);
    }
}
