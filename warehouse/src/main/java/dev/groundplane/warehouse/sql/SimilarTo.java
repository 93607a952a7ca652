package dev.groundplane.warehouse.sql;

/** Patterns of {@code SIMILAR TO} as regular expressions of the engine, which match the whole text. */
final class SimilarTo {
    private SimilarTo() {}

    /** @param escape what takes a character's meaning away; empty for nothing */
    static String regularExpression(String pattern, String escape) {
        var expression = new StringBuilder();
        for (var i = 0; i < pattern.length(); i++) {
            var c = pattern.charAt(i);
            if (escape.indexOf(c) == 0 && i + 1 < pattern.length()) {
                var meant = pattern.charAt(++i);
                expression
                        .append(Character.isLetterOrDigit(meant) || meant == '_' ? "" : "\\")
                        .append(meant);
            } else {
                switch (c) {
                    case '%' -> expression.append("(?s:.*)");
                    case '_' -> expression.append("(?s:.)");
                    case '.', '^', '$', '\\' -> expression.append('\\').append(c);
                    default -> expression.append(c);
                }
            }
        }
        return expression.toString();
    }
}
