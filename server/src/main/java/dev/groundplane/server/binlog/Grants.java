package dev.groundplane.server.binlog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user's rights to everything and to whole databases, also by a role. Source: MariaDB's documentation, "SHOW GRANTS" and "GRANT".
 *
 * @param everywhere rights, as {@code SHOW GRANTS} names them
 * @param readable databases that may be read, as regular expressions
 */
record Grants(Set<String> everywhere, List<Pattern> readable) {
    private static final String ALL = "ALL PRIVILEGES";
    private static final String READ = "SELECT";
    private static final Pattern LINE =
            Pattern.compile("GRANT (?<rights>[A-Z ,]+) ON (?:\\*|`(?<database>(?:[^`]|``)+)`)\\.\\* TO ");

    /** Of the lines of {@code SHOW GRANTS}; those of single tables and routines say nothing here. */
    static Grants of(List<String> lines) {
        Set<String> everywhere = new HashSet<>();
        List<Pattern> readable = new ArrayList<>();
        for (String line : lines) {
            Matcher granted = LINE.matcher(line);
            if (!granted.lookingAt()) {
                continue;
            }
            Set<String> rights = Set.of(granted.group("rights").split(", "));
            String database = granted.group("database");
            if (database == null) {
                everywhere.addAll(rights);
            } else if (rights.contains(READ) || rights.contains(ALL)) {
                readable.add(like(database.replace("``", "`")));
            }
        }
        return new Grants(everywhere, readable);
    }

    /** A database's name in a GRANT is a pattern, of which {@code %} and {@code _} stand for others unless there is a {@code \} before. */
    private static Pattern like(String pattern) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char one = pattern.charAt(i);
            if (one == '\\' && i + 1 < pattern.length()) {
                i++;
                expression.append(Pattern.quote(pattern.substring(i, i + 1)));
            } else if (one == '%') {
                expression.append(".*");
            } else if (one == '_') {
                expression.append('.');
            } else {
                expression.append(Pattern.quote(pattern.substring(i, i + 1)));
            }
        }
        return Pattern.compile(expression.toString(), Pattern.DOTALL);
    }

    /** Whether there is a right to everything. */
    boolean has(String right) {
        return everywhere.contains(right) || everywhere.contains(ALL);
    }

    /** Whether all tables of a database may be read, those included that come later. */
    boolean mayRead(String database) {
        return has(READ)
                || readable.stream().anyMatch(one -> one.matcher(database).matches());
    }
}
