package dev.groundplane.services.redshiftdata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A statement's text as Redshift reads it: where its named parameters are, as in {@code :id}, and whether it is one statement
 * only. What stands in quotes, in comments and between dollar signs is not looked into.
 */
final class NamedParameters {
    private final String sql;
    private final Map<String, String> values;
    private final StringBuilder text = new StringBuilder();
    private final List<String> used = new ArrayList<>();
    private int statements;
    private boolean inStatement;
    private int position;

    private NamedParameters(String sql, Map<String, String> values) {
        this.sql = sql;
        this.values = values;
    }

    /**
     * A statement for a driver.
     *
     * @param text with a question mark in each parameter's place, and those that were there doubled
     * @param names the parameters in order of their places
     * @param statements how many there are, between semicolons
     */
    record Parsed(String text, List<String> names, int statements) {}

    /** @param values by name; a name that is not among them is no parameter */
    static Parsed parse(String sql, Map<String, String> values) {
        NamedParameters reader = new NamedParameters(sql, values);
        while (reader.position < sql.length()) {
            reader.next();
        }
        return new Parsed(reader.text.toString(), List.copyOf(reader.used), reader.statements);
    }

    private void next() {
        char c = sql.charAt(position);
        if (Character.isWhitespace(c)) {
            copyTo(position + 1);
        } else if (sql.startsWith("--", position)) {
            int end = sql.indexOf('\n', position);
            copyTo(end < 0 ? sql.length() : end);
        } else if (sql.startsWith("/*", position)) {
            copyTo(commentEnd());
        } else if (c == ';') {
            inStatement = false;
            copyTo(position + 1);
        } else {
            if (!inStatement) {
                inStatement = true;
                statements++;
            }
            word(c);
        }
    }

    private void word(char c) {
        switch (c) {
            case '\'' -> copyTo(quoteEnd(c, true));
            case '"' -> copyTo(quoteEnd(c, false));
            case '$' -> copyTo(dollarEnd());
            case '?' -> {
                text.append('?');
                copyTo(position + 1);
            }
            case ':' -> colon();
            default -> copyTo(Character.isJavaIdentifierStart(c) ? nameEnd(position) : position + 1);
        }
    }

    private void colon() {
        if (sql.startsWith("::", position)) {
            copyTo(position + 2);
            return;
        }
        int end = nameEnd(position + 1);
        String name = sql.substring(position + 1, end);
        if (values.containsKey(name)) {
            used.add(name);
            text.append('?');
            position = end;
        } else {
            copyTo(position + 1);
        }
    }

    private int nameEnd(int from) {
        int end = from;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
            end++;
        }
        return end;
    }

    private int quoteEnd(char quote, boolean escapes) {
        int at = position + 1;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == quote) {
                return at + 1; // a doubled quote begins the next one at once
            }
            at += escapes && c == '\\' ? 2 : 1;
        }
        return sql.length();
    }

    private int dollarEnd() {
        int tagEnd = sql.indexOf('$', position + 1);
        if (tagEnd < 0 || !sql.substring(position + 1, tagEnd).matches("(?:[\\p{L}_][\\p{L}\\p{N}_]*)?")) {
            return position + 1;
        }
        String tag = sql.substring(position, tagEnd + 1);
        int end = sql.indexOf(tag, tagEnd + 1);
        return end < 0 ? sql.length() : end + tag.length();
    }

    private int commentEnd() {
        int depth = 0;
        int at = position;
        while (at < sql.length()) {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return at;
                }
            } else {
                at++;
            }
        }
        return sql.length();
    }

    private void copyTo(int end) {
        int bounded = Math.min(end, sql.length());
        text.append(sql, position, bounded);
        position = bounded;
    }
}
