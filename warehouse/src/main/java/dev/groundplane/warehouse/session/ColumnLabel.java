package dev.groundplane.warehouse.session;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What PostgreSQL calls a column that was given no name. The engine calls it by its whole expression, {@code (sum(i) // 2)}.
 */
final class ColumnLabel {
    private static final String UNNAMED = "?column?";
    private static final Pattern CALL = Pattern.compile("\"?(\\w+)\"?\\(.*\\)", Pattern.DOTALL);
    private static final Pattern CAST =
            Pattern.compile("(?:TRY_)?CAST\\((.*) AS \"?([\\w ]+)\"?(\\(.*\\))?\\)", Pattern.DOTALL);
    /** Of the functions that casts and paths become: what they are of is what names the column. */
    private static final Pattern WRAPPED = Pattern.compile(
            "(?:varchar__cut|super_(?:text|string|number|boolean)__|super_of|column_text__)\\((.*?)(?:, \\d+)?\\)",
            Pattern.DOTALL);

    private static final Pattern PATH =
            Pattern.compile("super_at__\\(.*?\\.\"([^\"]*)\"(?:\\[\\d+\\])*'\\)", Pattern.DOTALL);
    private static final Pattern LITERAL = Pattern.compile("'.*'|-?[0-9.]+", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[\\w#$]+");

    private ColumnLabel() {}

    /** The name that clients see. */
    static String of(String engineName) {
        if (NAME.matcher(engineName).matches() && !LITERAL.matcher(engineName).matches()) {
            return engineName;
        }
        var cast = CAST.matcher(engineName);
        if (cast.matches()) {
            // As PostgreSQL: the name of what was cast, or else the type's.
            var inner = of(cast.group(1));
            return inner.equals(UNNAMED) ? cast.group(2).toLowerCase(Locale.ROOT) : inner;
        }
        var path = PATH.matcher(engineName);
        if (path.matches()) {
            return path.group(1);
        }
        var wrapped = WRAPPED.matcher(engineName);
        if (wrapped.matches()) {
            return of(wrapped.group(1));
        }
        var call = CALL.matcher(engineName);
        if (call.matches()) {
            var function = call.group(1);
            return function.equals("count_star") ? "count" : function.replaceFirst("__.*", "");
        }
        return engineName.startsWith("(") || LITERAL.matcher(engineName).matches() ? UNNAMED : engineName;
    }
}
