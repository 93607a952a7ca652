package dev.groundplane.warehouse.sql;

import java.util.Locale;

/**
 * A piece of a statement. Space and comments are not tokens: they lie between them.
 *
 * @param text as written
 * @param start the position of its first character in the script; -1 when the client did not write it
 */
record Token(Kind kind, String text, int start) {
    enum Kind {
        /** A keyword or a name without quotes. */
        WORD,
        /** A name in double quotes. */
        QUOTED_NAME,
        /** A string in single quotes or dollar quotes. */
        STRING,
        NUMBER,
        /** {@code $1} */
        PARAMETER,
        /** An operator or a mark. */
        SYMBOL
    }

    /** A token that no client wrote. */
    static Token made(Kind kind, String text) {
        return new Token(kind, text, -1);
    }

    /** The position after its last character. */
    int end() {
        return start + text.length();
    }

    /** Whether it is this keyword, given in capitals. */
    boolean is(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** A keyword in capitals. */
    String keyword() {
        return text.toUpperCase(Locale.ROOT);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }

    /** The name it stands for: names are not case sensitive unless a session says so, and are kept in small letters. */
    String name() {
        var bare =
                kind == Kind.QUOTED_NAME ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
        return bare.toLowerCase(Locale.ROOT);
    }

    /** The number of a parameter, from 1. */
    int parameter() {
        return Integer.parseInt(text.substring(1));
    }

    /** The content of a string. As PostgreSQL 8 does, a backslash takes away the meaning of what follows. */
    String string() {
        if (text.charAt(0) == '$') {
            var tag = text.indexOf('$', 1) + 1;
            return text.substring(tag, text.length() - tag);
        }
        var open = text.indexOf('\'');
        return StringContent.of(text.substring(open + 1, text.length() - 1));
    }
}
