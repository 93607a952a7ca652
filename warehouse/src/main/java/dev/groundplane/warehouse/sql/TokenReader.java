package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;

/** Reads a statement's tokens one after the other. For one thread. */
final class TokenReader {
    private final List<Token> tokens;
    private int next;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    boolean atEnd() {
        return next == tokens.size();
    }

    /** Whether the next tokens are these keywords or marks. */
    boolean sees(String... words) {
        if (tokens.size() - next < words.length) {
            return false;
        }
        for (var i = 0; i < words.length; i++) {
            var token = tokens.get(next + i);
            if (!token.is(words[i]) && !token.isSymbol(words[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether names in parentheses are next, and nothing else in them. */
    boolean seesNames() {
        if (!sees("(") || tokens.size() - next < 3 || !tokens.get(next + 1).isName()) {
            return false;
        }
        var after = tokens.get(next + 2);
        return after.isSymbol(",") || after.isSymbol(")");
    }

    /** Whether the next token is a string. */
    boolean seesString() {
        return !atEnd() && tokens.get(next).kind() == Token.Kind.STRING;
    }

    /** Passes these words if they are next. */
    boolean accept(String... words) {
        if (!sees(words)) {
            return false;
        }
        next += words.length;
        return true;
    }

    /** @throws SqlFailure when they are not next */
    void expect(String... words) {
        if (!accept(words)) {
            throw unexpected();
        }
    }

    Token take() {
        if (atEnd()) {
            throw unexpected();
        }
        return tokens.get(next++);
    }

    /** The next token, a name. */
    String name() {
        if (atEnd() || !tokens.get(next).isName()) {
            throw unexpected();
        }
        return take().name();
    }

    /** The name of a user, a group or a role: as written in quotes, in small letters without. */
    String principalName() {
        if (atEnd() || !tokens.get(next).isName()) {
            throw unexpected();
        }
        var token = take();
        return token.kind() == Token.Kind.QUOTED_NAME
                ? token.text().substring(1, token.text().length() - 1).replace("\"\"", "\"")
                : token.name();
    }

    /** The name of a user, also as a string. */
    String principal() {
        return !atEnd() && tokens.get(next).kind() == Token.Kind.STRING ? take().string() : principalName();
    }

    /** A name with the names before it, {@code database.schema.table}; a session's table has its mark. */
    List<String> qualifiedName() {
        if (accept("#")) {
            return List.of("#" + name());
        }
        var names = new ArrayList<>(List.of(name()));
        while (accept(".")) {
            names.add(name());
        }
        return names;
    }

    /** A whole number. */
    int number() {
        var negative = accept("-");
        var token = take();
        try {
            return (negative ? -1 : 1) * Integer.parseInt(token.text());
        } catch (NumberFormatException e) {
            throw at(token);
        }
    }

    /** Names in parentheses. */
    List<String> names() {
        expect("(");
        var names = new ArrayList<>(List.of(name()));
        while (accept(",")) {
            names.add(name());
        }
        expect(")");
        return names;
    }

    /** Passes over what stands in parentheses, which nest; the tokens between them. */
    List<Token> parenthesized() {
        expect("(");
        var from = next;
        for (var depth = 1; depth > 0; ) {
            var token = take();
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
        }
        return tokens.subList(from, next - 1);
    }

    /** All that is left. */
    List<Token> rest() {
        var rest = tokens.subList(next, tokens.size());
        next = tokens.size();
        return rest;
    }

    /** That the next token cannot stand where it stands. */
    SqlFailure unexpected() {
        return atEnd()
                ? SqlFailure.syntax(
                        "syntax error at end of input", tokens.getLast().end())
                : at(tokens.get(next));
    }

    private static SqlFailure at(Token token) {
        return SqlFailure.syntax("syntax error at or near \"%s\"".formatted(token.text()), token.start());
    }
}
