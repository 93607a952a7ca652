package dev.groundplane.warehouse.access;

import java.util.Locale;

/** The query in a view's definition as the engine tells it: {@code CREATE VIEW "schema"."name" ("a", "b") AS SELECT …;}. */
final class ViewDefinition {
    private final String sql;
    private int at;

    private ViewDefinition(String sql) {
        this.sql = sql;
    }

    /** @throws IllegalArgumentException when it is no such definition */
    static String query(String sql) {
        var definition = new ViewDefinition(sql);
        for (var word = definition.word(); !word.equals("AS"); word = definition.word()) {
            if (word.isEmpty()) {
                throw new IllegalArgumentException("not a view's definition: " + sql);
            }
        }
        var query = sql.substring(definition.at).strip();
        return query.endsWith(";") ? query.substring(0, query.length() - 1) : query;
    }

    /** The next word outside of quotes and parentheses in capitals; something that is no word for a name or a list. */
    private String word() {
        while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
            at++;
        }
        if (at == sql.length()) {
            return "";
        }
        var start = at;
        if (sql.charAt(at) == '"') {
            quoted();
            return "\"";
        }
        if (sql.charAt(at) == '(') {
            list();
            return "(";
        }
        while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
            at++;
        }
        if (at == start) {
            at++;
        }
        return sql.substring(start, at).toUpperCase(Locale.ROOT);
    }

    private void quoted() {
        at = sql.indexOf('"', at + 1) + 1;
        if (at == 0) {
            throw new IllegalArgumentException("not a view's definition: " + sql);
        }
    }

    private void list() {
        while (at < sql.length() && sql.charAt(at) != ')') {
            if (sql.charAt(at) == '"') {
                quoted();
            } else {
                at++;
            }
        }
        at++;
    }
}
