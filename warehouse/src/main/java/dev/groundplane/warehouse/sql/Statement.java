package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One statement as its client wrote it. Immutable. */
public final class Statement {
    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");

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
        return new Statement(text, StatementForms.plain(tokens));
    }

    private static void add(String script, List<Token> tokens, List<Statement> statements) {
        if (!tokens.isEmpty()) {
            var text =
                    script.substring(tokens.getFirst().start(), tokens.getLast().end());
            statements.add(new Statement(text, StatementForms.plain(tokens)));
        }
    }

    /** Whether a name stands before a dot in it. */
    public boolean hasQualifier(String name) {
        for (var i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i + 1).isSymbol(".")
                    && tokens.get(i).isName()
                    && tokens.get(i).name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The table that an INSERT, UPDATE, DELETE or MERGE changes, with the names before it; empty for other statements. */
    public Optional<List<String>> changed() {
        if (!CHANGES.contains(verb())) {
            return Optional.empty();
        }
        var reader = new TokenReader(tokens);
        reader.take();
        if (!reader.accept("INTO")) {
            reader.accept("FROM");
        }
        return Optional.of(reader.qualifiedName());
    }

    /** Whether a word of it could begin a change of a table, wherever it stands. */
    public boolean mayChange() {
        return tokens.stream().anyMatch(token -> token.kind() == Token.Kind.WORD && CHANGES.contains(token.keyword()));
    }

    /** Whether a function is called somewhere in it. */
    public boolean calls(String function) {
        for (var i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i + 1).isSymbol("(")
                    && tokens.get(i).isName()
                    && tokens.get(i).name().equals(function)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The statement after {@code EXPLAIN} and its options.
     *
     * @throws SqlFailure when there is none
     */
    public Statement explained() {
        var reader = new TokenReader(tokens);
        reader.expect("EXPLAIN");
        if (reader.sees("(")
                && tokens.size() > 2
                && !tokens.get(2).is("SELECT")
                && !tokens.get(2).is("WITH")) {
            reader.parenthesized();
        }
        while (reader.accept("VERBOSE") || reader.accept("ANALYZE")) {}
        if (reader.atEnd()) {
            throw reader.unexpected();
        }
        return part(reader.rest());
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

    /** A part of it, as a query within a definition. */
    Statement part(List<Token> part) {
        if (part.isEmpty()) {
            throw SqlFailure.syntax(
                    "syntax error at end of input", tokens.getLast().end());
        }
        var begin = tokens.getFirst().start();
        var end = part.getLast().end() - begin;
        // The tokens of a statement in another form are not where its text has them.
        return begin > part.getFirst().start() || end > text.length()
                ? of(part)
                : new Statement(text.substring(part.getFirst().start() - begin, end), part);
    }

    List<Token> tokens() {
        return tokens;
    }
}
