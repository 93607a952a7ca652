package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;

/** One statement as its client wrote it. Immutable. */
public final class Statement {
    private final String text;
    private final List<Token> tokens;

    private Statement(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = List.copyOf(tokens);
    }

    /**
     * The statements of a script; those without a token are left out.
     *
     * @throws SqlFailure when a quote or a comment has no end
     */
    public static List<Statement> all(String script) {
        var statements = new ArrayList<Statement>();
        var current = new ArrayList<Token>();
        var depth = 0;
        for (var token : Tokenizer.tokens(script)) {
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (token.isSymbol(";") && depth <= 0) {
                add(script, current, statements);
                current.clear();
                depth = 0;
            } else {
                current.add(token);
            }
        }
        add(script, current, statements);
        return statements;
    }

    private static void add(String script, List<Token> tokens, List<Statement> statements) {
        if (!tokens.isEmpty()) {
            var text =
                    script.substring(tokens.getFirst().start(), tokens.getLast().end());
            statements.add(new Statement(text, tokens));
        }
    }

    /** As written, from the first token to the last. */
    public String text() {
        return text;
    }

    /** The first word in capitals; empty if it begins with something else. */
    public String verb() {
        return tokens.getFirst().kind() == Token.Kind.WORD ? tokens.getFirst().keyword() : "";
    }

    /** The highest number of its parameters; 0 for none. */
    public int parameters() {
        return tokens.stream()
                .filter(token -> token.kind() == Token.Kind.PARAMETER)
                .mapToInt(Token::parameter)
                .max()
                .orElse(0);
    }

    /** Whether a word of it is this one, which is in capitals. */
    public boolean mentions(String word) {
        return tokens.stream().anyMatch(token -> token.is(word));
    }

    List<Token> tokens() {
        return tokens;
    }
}
