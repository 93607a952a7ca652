package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sequences of tokens. */
final class Tokens {
    /** Functions with a FROM between their parentheses. */
    private static final Set<String> FROM_FUNCTIONS = Set.of("EXTRACT", "SUBSTRING", "TRIM", "OVERLAY");

    private Tokens() {}

    /**
     * Tokens of our own.
     *
     * @param template SQL in which each {@code ?} stands for one of the parts, in their order
     */
    @SafeVarargs
    static List<Token> of(String template, List<Token>... parts) {
        var tokens = new ArrayList<Token>();
        var next = 0;
        for (var token : Tokenizer.tokens(template)) {
            if (token.isSymbol("?")) {
                tokens.addAll(parts[next++]);
            } else {
                tokens.add(Token.made(token.kind(), token.text()));
            }
        }
        return tokens;
    }

    /** A string literal as one token. */
    static List<Token> string(String content) {
        return List.of(
                Token.made(Kind.STRING, "'" + content.replace("\\", "\\\\").replace("'", "''") + "'"));
    }

    /** The index of the mark that closes the one at an index; that of the last token when none does. */
    static int closing(List<Token> tokens, int open) {
        var depth = 0;
        for (var i = open; i < tokens.size(); i++) {
            depth += isOpening(tokens.get(i)) ? 1 : isClosing(tokens.get(i)) ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return tokens.size() - 1;
    }

    /** The parts between commas outside of parentheses; none for no tokens. */
    static List<List<Token>> split(List<Token> tokens) {
        var parts = new ArrayList<List<Token>>();
        var depth = 0;
        var from = 0;
        for (var i = 0; i < tokens.size(); i++) {
            depth += isOpening(tokens.get(i)) ? 1 : isClosing(tokens.get(i)) ? -1 : 0;
            if (depth == 0 && tokens.get(i).isSymbol(",")) {
                parts.add(tokens.subList(from, i));
                from = i + 1;
            }
        }
        if (!tokens.isEmpty()) {
            parts.add(tokens.subList(from, tokens.size()));
        }
        return parts;
    }

    /** The index of a keyword outside of parentheses; -1 for none. */
    static int find(List<Token> tokens, String keyword) {
        var depth = 0;
        for (var i = 0; i < tokens.size(); i++) {
            depth += isOpening(tokens.get(i)) ? 1 : isClosing(tokens.get(i)) ? -1 : 0;
            if (depth == 0 && tokens.get(i).is(keyword)) {
                return i;
            }
        }
        return -1;
    }

    /** {@code trim('x' FROM 'xy')}: whether the FROM at an index stands in a function's parentheses. */
    static boolean isFromOfFunction(List<Token> tokens, int from) {
        var depth = 0;
        for (var i = from - 1; i > 0; i--) {
            depth += tokens.get(i).isSymbol(")") ? 1 : tokens.get(i).isSymbol("(") ? -1 : 0;
            if (depth < 0) {
                return FROM_FUNCTIONS.contains(tokens.get(i - 1).keyword());
            }
            if (depth == 0 && tokens.get(i).is("SELECT")) {
                return false; // a query after a table of that name
            }
        }
        return false;
    }

    /**
     * Where the operand begins that ends with the last token: a name with the names before it, a literal, or parentheses with the
     * function before them.
     */
    static int operandStart(List<Token> tokens) {
        var at = tokens.size() - 1;
        if (at > 0 && tokens.get(at).kind() == Kind.STRING && isTypeOfLiteral(tokens.get(at - 1))) {
            return at - 1;
        }
        while (at > 0 && isClosing(tokens.get(at))) {
            at = opening(tokens, at);
            if (at > 0
                    && tokens.get(at).isSymbol("(")
                    && tokens.get(at - 1).isName()
                    && !isOperator(tokens.get(at - 1))) {
                at--;
            } else if (tokens.get(at).isSymbol("[")) {
                at--;
            } else {
                break;
            }
        }
        while (at > 1 && tokens.get(at).isName() && tokens.get(at - 1).isSymbol(".")) {
            at -= 2;
            while (at > 0 && tokens.get(at).isSymbol("]")) {
                at = opening(tokens, at) - 1;
            }
        }
        // A cast before: a::b::c
        if (at > 1 && tokens.get(at - 1).isSymbol("::")) {
            return operandStart(tokens.subList(0, at - 1));
        }
        return at;
    }

    private static boolean isTypeOfLiteral(Token token) {
        return token.is("DATE")
                || token.is("TIME")
                || token.is("TIMETZ")
                || token.is("TIMESTAMP")
                || token.is("TIMESTAMPTZ")
                || token.is("INTERVAL");
    }

    /** Words before parentheses that are no functions. */
    private static boolean isOperator(Token token) {
        return token.is("AND")
                || token.is("OR")
                || token.is("NOT")
                || token.is("IN")
                || token.is("SELECT")
                || token.is("THEN")
                || token.is("ELSE")
                || token.is("WHEN")
                || token.is("LIKE")
                || token.is("BETWEEN")
                || token.is("BY")
                || token.is("WHERE")
                || token.is("ON")
                || token.is("VALUES")
                || token.is("HAVING");
    }

    private static int opening(List<Token> tokens, int close) {
        var depth = 0;
        for (var i = close; i >= 0; i--) {
            depth += isClosing(tokens.get(i)) ? 1 : isOpening(tokens.get(i)) ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return 0;
    }

    private static boolean isOpening(Token token) {
        return token.isSymbol("(") || token.isSymbol("[");
    }

    private static boolean isClosing(Token token) {
        return token.isSymbol(")") || token.isSymbol("]");
    }
}
