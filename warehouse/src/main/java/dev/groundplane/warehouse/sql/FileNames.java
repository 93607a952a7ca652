package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what the engine would read a file for: it takes a text in the place of a table for a file's name, and a quoted name, too,
 * when there is no table of that name. Files that the engine may open are named by their whole paths.
 */
final class FileNames {
    /** A list of tables comes next, or goes on. */
    private static final Set<String> LISTS = Set.of("FROM", "JOIN", "USING");
    /** One table comes next. */
    private static final Set<String> SINGLE = Set.of("TABLE", "DESCRIBE", "SUMMARIZE", "PIVOT", "UNPIVOT");
    /** Words that end a list of tables; the engine takes none of them for a table's other name. */
    private static final Set<String> ENDS = Set.of(
            "SELECT",
            "WHERE",
            "GROUP",
            "HAVING",
            "ORDER",
            "LIMIT",
            "OFFSET",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "QUALIFY",
            "WINDOW",
            "RETURNING");
    /** Words before a table that are no name of one. */
    private static final Set<String> BEFORE_TABLES = Set.of("LATERAL", "ONLY");
    /** Words that begin a query where a table could stand. */
    private static final Set<String> QUERIES = Set.of("VALUES", "WITH");

    private final List<Token> tokens;
    /** For the statement and each open parenthesis: whether commas in it are between tables. */
    private final Deque<Boolean> lists = new ArrayDeque<>(List.of(false));
    /** Whether a table comes next. */
    private boolean expected;

    private FileNames(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** The first one of a query or a change. */
    static Optional<Token> find(List<Token> tokens) {
        return new FileNames(tokens).find();
    }

    private Optional<Token> find() {
        for (var i = 0; i < tokens.size(); i++) {
            if (expected && isFile(tokens.get(i))) {
                return Optional.of(tokens.get(i));
            }
            pass(i);
        }
        return Optional.empty();
    }

    private static boolean isFile(Token token) {
        return switch (token.kind()) {
            case STRING, PARAMETER -> true;
            case QUOTED_NAME -> token.text().contains("/");
            case WORD, NUMBER, SYMBOL -> false;
        };
    }

    private void pass(int index) {
        var token = tokens.get(index);
        if (expected
                && token.is("VALUES")
                && !(index > 0 && tokens.get(index - 1).isSymbol("("))) {
            throw SqlFailure.syntax(
                    "syntax error at or near \"VALUES\": as a table it stands in parentheses, (VALUES …) AS name(column)",
                    token.start());
        }
        if (token.kind() == Kind.SYMBOL) {
            mark(token);
        } else if (isKeyword(index) && LISTS.contains(token.keyword()) && !isBetweenValues(index)) {
            inList(true);
            expected = true;
        } else if (isKeyword(index) && (SINGLE.contains(token.keyword()) || isDescription(index))) {
            expected = true;
        } else if (isKeyword(index)
                && (ENDS.contains(token.keyword()) || (expected && QUERIES.contains(token.keyword())))) {
            inList(false);
            expected = false;
        } else if (!(isKeyword(index) && BEFORE_TABLES.contains(token.keyword()))) {
            expected &= index + 1 < tokens.size() && tokens.get(index + 1).isSymbol("."); // the rest of its name comes
        }
    }

    private void mark(Token mark) {
        switch (mark.text()) {
            case "(" -> lists.push(expected); // tables may stand in parentheses
            case "[", "{" -> {
                lists.push(false);
                expected = false;
            }
            case ")", "]", "}" -> {
                if (lists.size() > 1) {
                    lists.pop();
                }
                expected = false;
            }
            case "," -> expected = lists.element();
            default -> {}
        }
    }

    private void inList(boolean between) {
        lists.pop();
        lists.push(between);
    }

    /** After a dot there are names only. */
    private boolean isKeyword(int index) {
        return tokens.get(index).kind() == Kind.WORD
                && !(index > 0 && tokens.get(index - 1).isSymbol("."))
                && !(index > 0
                        && tokens.get(index).is("GROUP")
                        && tokens.get(index - 1).is("WITHIN"));
    }

    /** {@code (DESC table)}; elsewhere it is an order's. */
    private boolean isDescription(int index) {
        return tokens.get(index).is("DESC")
                && index > 0
                && tokens.get(index - 1).isSymbol("(");
    }

    /** {@code a IS DISTINCT FROM 'x'}, {@code trim('x' FROM 'xy')}; then no table follows. */
    private boolean isBetweenValues(int index) {
        return tokens.get(index).is("FROM")
                && (Tokens.isFromOfFunction(tokens, index)
                        || (index > 1
                                && tokens.get(index - 1).is("DISTINCT")
                                && (tokens.get(index - 2).is("IS")
                                        || tokens.get(index - 2).is("NOT"))));
    }
}
