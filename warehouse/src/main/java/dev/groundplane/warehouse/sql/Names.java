package dev.groundplane.warehouse.sql;

import java.util.List;

/** Names in the engine's SQL. */
public final class Names {
    private Names() {}

    /** A name by which the engine finds what has that name: it takes no notice of the case of ASCII's letters, and only of theirs. */
    public static String folded(String name) {
        var folded = new StringBuilder(name.length());
        for (var i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
        }
        return folded.toString();
    }

    /** Whether a name, with as many as there are before it, can be that of an object whose whole name this is. */
    public static boolean isNamed(List<String> name, List<String> whole) {
        return name.size() <= whole.size()
                && whole.subList(whole.size() - name.size(), whole.size()).equals(name);
    }

    /** A text as a literal: a backslash is a character like others. */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A name in quotes. */
    public static String quote(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
