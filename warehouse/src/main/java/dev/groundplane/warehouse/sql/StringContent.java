package dev.groundplane.warehouse.sql;

/** What stands between a string's quotes, and back. */
final class StringContent {
    private StringContent() {}

    /** Takes doubled quotes and backslashes away. */
    static String of(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted.replace("''", "'");
        }
        var content = new StringBuilder(quoted.length());
        for (var i = 0; i < quoted.length(); i++) {
            var c = quoted.charAt(i);
            if (c == '\'') {
                i++;
                content.append('\'');
            } else if (c == '\\' && i + 1 < quoted.length()) {
                content.append(escaped(quoted.charAt(++i)));
            } else {
                content.append(c);
            }
        }
        return content.toString();
    }

    private static char escaped(char c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> c;
        };
    }
}
