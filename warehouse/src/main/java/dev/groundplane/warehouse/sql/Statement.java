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

    /** A statement within another. */
    static Statement of(List<Token> tokens) {
        var text = String.join(" ", tokens.stream().map(Token::text).toList());
        return new Statement(text, StatementForms.selectInto(tokens));
    }

    private static void add(String script, List<Token> tokens, List<Statement> statements) {
        if (!tokens.isEmpty()) {
            var text =
                    script.substring(tokens.getFirst().start(), tokens.getLast().end());
            statements.add(new Statement(text, StatementForms.selectInto(tokens)));
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
        if (verb().equals("PREPARE")) {
            return 0; // they are those of the statement in it
        }
        return tokens.stream()
                .filter(token -> token.kind() == Token.Kind.PARAMETER)
                .mapToInt(Token::parameter)
                .max()
                .orElse(0);
    }

    List<Token> tokens() {
        return tokens;
    }
}
