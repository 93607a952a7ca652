package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts a script into tokens, after PostgreSQL's chapter "Lexical Structure". */
final class Tokenizer {
    private static final String OPERATORS = "+-*/<>=~!@#%^&|`?";
    private static final char LAST_ASCII = 127;

    private final String script;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Tokenizer(String script) {
        this.script = script;
    }

    /**
     * All tokens of a script.
     *
     * @throws SqlFailure when a quote or a comment has no end
     */
    static List<Token> tokens(String script) {
        var tokenizer = new Tokenizer(script);
        tokenizer.run();
        return tokenizer.tokens;
    }

    private void run() {
        while (skipSpace()) {
            var c = script.charAt(at);
            if (c == '\'') {
                add(Kind.STRING, endOfString(at));
            } else if ((c == 'e' || c == 'E') && peek(1) == '\'') {
                add(Kind.STRING, endOfString(at + 1));
            } else if (c == '"') {
                add(Kind.QUOTED_NAME, endOfQuoted('"', at));
            } else if (c == '$') {
                dollar();
            } else if (isNameStart(c)) {
                add(Kind.WORD, endOfName());
            } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
                add(Kind.NUMBER, endOfNumber());
            } else if (c <= LAST_ASCII) {
                add(Kind.SYMBOL, endOfSymbol());
            } else {
                throw SqlFailure.syntax(
                        "syntax error at or near U+%04X, which is neither space nor part of a name".formatted((int) c),
                        at);
            }
        }
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, script.substring(at, end), at));
        at = end;
    }

    /** Skips space and comments, which nest; false at the end of the script. */
    private boolean skipSpace() {
        while (at < script.length()) {
            if (Character.isWhitespace(script.charAt(at))) {
                at++;
            } else if (script.startsWith("--", at)) {
                var end = script.indexOf('\n', at);
                at = end < 0 ? script.length() : end + 1;
            } else if (script.startsWith("/*", at)) {
                at = endOfComment();
            } else {
                return true;
            }
        }
        return false;
    }

    private int endOfComment() {
        var depth = 0;
        for (var i = at; i < script.length(); i++) {
            if (script.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (script.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        throw SqlFailure.syntax("unterminated /* comment", at);
    }

    private int endOfString(int open) {
        for (var i = open + 1; i < script.length(); i++) {
            var c = script.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\'') {
                if (i + 1 == script.length() || script.charAt(i + 1) != '\'') {
                    return i + 1;
                }
                i++;
            }
        }
        throw SqlFailure.syntax("unterminated quoted string at or near \"%s\"".formatted(script.substring(at)), at);
    }

    private int endOfQuoted(char quote, int open) {
        for (var i = open + 1; i < script.length(); i++) {
            if (script.charAt(i) == quote) {
                if (i + 1 == script.length() || script.charAt(i + 1) != quote) {
                    return i + 1;
                }
                i++;
            }
        }
        throw SqlFailure.syntax("unterminated quoted identifier at or near \"%s\"".formatted(script.substring(at)), at);
    }

    /** A parameter, or a string in dollar quotes. */
    private void dollar() {
        if (isDigit(peek(1))) {
            var end = at + 1;
            while (end < script.length() && isDigit(script.charAt(end))) {
                end++;
            }
            add(Kind.PARAMETER, end);
            return;
        }
        var end = at + 1;
        while (end < script.length() && isNamePart(script.charAt(end)) && script.charAt(end) != '$') {
            end++;
        }
        if (end == script.length() || script.charAt(end) != '$') {
            throw SqlFailure.syntax("syntax error at or near \"$\"", at);
        }
        var tag = script.substring(at, end + 1);
        var close = script.indexOf(tag, end + 1);
        if (close < 0) {
            throw SqlFailure.syntax("unterminated dollar-quoted string at or near \"%s\"".formatted(tag), at);
        }
        add(Kind.STRING, close + tag.length());
    }

    private int endOfName() {
        var end = at + 1;
        while (end < script.length() && isNamePart(script.charAt(end))) {
            end++;
        }
        return end;
    }

    private int endOfNumber() {
        var end = at;
        while (end < script.length() && (isDigit(script.charAt(end)) || script.charAt(end) == '.')) {
            end++;
        }
        if (end < script.length() && (script.charAt(end) == 'e' || script.charAt(end) == 'E')) {
            var digits = end + 1;
            if (digits < script.length() && "+-".indexOf(script.charAt(digits)) >= 0) {
                digits++;
            }
            if (digits < script.length() && isDigit(script.charAt(digits))) {
                end = digits;
                while (end < script.length() && isDigit(script.charAt(end))) {
                    end++;
                }
            }
        }
        return end;
    }

    /** Operators are as long as they can be, but no comment begins in one; marks stand alone. */
    private int endOfSymbol() {
        if (script.startsWith("::", at) || script.startsWith(":=", at)) {
            return at + 2;
        }
        if (OPERATORS.indexOf(script.charAt(at)) < 0) {
            return at + 1;
        }
        // A table of the session: #name.
        if (script.charAt(at) == '#' && isNameStart(peek(1))) {
            return at + 1;
        }
        var end = at + 1;
        while (end < script.length()
                && OPERATORS.indexOf(script.charAt(end)) >= 0
                && !script.startsWith("--", end)
                && !script.startsWith("/*", end)
                && !isSign(end)) {
            end++;
        }
        return end;
    }

    /** A sign after an operator belongs to the number: {@code a=-1}. */
    private boolean isSign(int position) {
        return "+-".indexOf(script.charAt(position)) >= 0;
    }

    private char peek(int ahead) {
        return at + ahead < script.length() ? script.charAt(at + ahead) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return c <= LAST_ASCII ? Character.isLetter(c) || c == '_' : !isInvisible(c);
    }

    /** All other characters beyond ASCII are parts of names. To the engine some of these are space. */
    private static boolean isInvisible(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || Character.isDigit(c) || c == '$';
    }
}
