package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a statement's {@code FROM} clauses name: tables, and values of SUPER that are iterated over. Those become subqueries here,
 * which is what the engine knows them as.
 */
final class FromItems {
    private static final Set<String> ENDS = Set.of(
            "WHERE",
            "GROUP",
            "ORDER",
            "HAVING",
            "LIMIT",
            "OFFSET",
            "UNION",
            "EXCEPT",
            "INTERSECT",
            "MINUS",
            "QUALIFY",
            "WINDOW",
            "WHEN",
            "SET",
            "RETURNING",
            "SELECT");
    private static final Set<String> JOINS =
            Set.of("JOIN", "LEFT", "RIGHT", "FULL", "INNER", "OUTER", "CROSS", "NATURAL", "ON", "USING", "LATERAL");

    private final Set<String> tables = new HashSet<>();
    private final Set<String> values = new HashSet<>();
    /** Indices of tokens in which no paths are to be looked for. */
    private final Set<Integer> names = new HashSet<>();

    private final List<Token> tokens;
    private final List<Token> result = new ArrayList<>();

    private FromItems(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Reads a statement. */
    static FromItems of(List<Token> tokens) {
        var items = new FromItems(tokens);
        items.read();
        return items;
    }

    /** The statement with its iterations as subqueries. */
    List<Token> tokens() {
        return result;
    }

    /** Whether a name is a table's here, or another name for one. */
    boolean isTable(String name) {
        return tables.contains(name);
    }

    /** Whether a name is a SUPER value's. */
    boolean isValue(String name) {
        return values.contains(name);
    }

    /** Whether the token at an index of {@link #tokens()} is part of a table's name or of an iteration. */
    boolean isPartOfTable(int index) {
        return names.contains(index);
    }

    private void read() {
        // For each open parenthesis and for the statement itself: whether an item of FROM comes next or may come.
        Deque<Boolean> inFrom = new ArrayDeque<>(List.of(false));
        var expected = false;
        for (var i = 0; i < tokens.size(); ) {
            var token = tokens.get(i);
            if (expected && !token.isSymbol("(") && !token.is("LATERAL") && !token.is("ONLY")) {
                i = item(i);
                expected = false;
                continue;
            }
            if (token.isSymbol("(")) {
                inFrom.push(false);
                expected = false;
            } else if (token.isSymbol(")")) {
                inFrom.pop();
                if (inFrom.isEmpty()) {
                    inFrom.push(false);
                }
                if (inFrom.peek()) {
                    result.add(token);
                    i = alias(i + 1, tables);
                    continue;
                }
            } else if (beginsTables(i)) {
                inFrom.pop();
                inFrom.push(!token.is("INTO") && !token.is("UPDATE"));
                expected = true;
            } else if (token.kind() == Kind.WORD && ENDS.contains(token.keyword())) {
                inFrom.pop();
                inFrom.push(false);
            } else if (inFrom.peek() && (token.isSymbol(",") || token.is("JOIN"))) {
                expected = true;
            }
            result.add(token);
            i++;
        }
    }

    private boolean beginsTables(int index) {
        var token = tokens.get(index);
        if (token.is("UPDATE")) {
            return index == 0;
        }
        if (token.is("USING")) {
            return index + 1 < tokens.size()
                    && (tokens.getFirst().is("DELETE") || tokens.getFirst().is("MERGE"));
        }
        if (token.is("INTO")) {
            return true;
        }
        return token.is("FROM")
                && !(index > 0 && tokens.get(index - 1).is("DISTINCT"))
                && !Tokens.isFromOfFunction(tokens, index);
    }

    /** A table, or a value that is iterated over. */
    private int item(int index) {
        if (tokens.get(index).is("UNPIVOT")) {
            var end = pathEnd(index + 1);
            return iteration(index + 1, end, true);
        }
        if (tokens.get(index).is("UNNEST")
                && index + 1 < tokens.size()
                && tokens.get(index + 1).isSymbol("(")) {
            return iteration(index + 2, Tokens.closing(tokens, index + 1), false);
        }
        var end = pathEnd(index);
        var first = tokens.get(index).isName() ? tokens.get(index).name() : "";
        var isIteration = isValue(first) || (isTable(first) && end - index > 1);
        if (isIteration && !(end < tokens.size() && tokens.get(end).isSymbol("("))) {
            return iteration(index, end, false);
        }
        if (end == index) {
            result.add(tokens.get(index));
            return index + 1;
        }
        for (var i = index; i < end; i++) {
            names.add(result.size());
            result.add(tokens.get(i));
        }
        if (tokens.get(end - 1).isName()) {
            tables.add(tokens.get(end - 1).name());
        }
        if (end < tokens.size()
                && tokens.get(end).isSymbol("(")
                && !tokens.getFirst().is("INSERT")) {
            var close = Tokens.closing(tokens, end);
            result.addAll(tokens.subList(end, close + 1));
            end = close + 1;
        }
        return alias(end, tables);
    }

    /** Where a name with all behind it ends, {@code a.b[0].c}. */
    private int pathEnd(int index) {
        return SuperPath.end(tokens, index);
    }

    /** {@code [AS] name}, which is kept as it is. */
    private int alias(int index, Set<String> kind) {
        var at = index;
        if (at < tokens.size() && tokens.get(at).is("AS")) {
            result.add(tokens.get(at++));
        }
        if (at < tokens.size() && tokens.get(at).isName() && !isKeyword(tokens.get(at))) {
            kind.add(tokens.get(at).name());
            names.add(result.size());
            result.add(tokens.get(at++));
        }
        return at;
    }

    private static boolean isKeyword(Token token) {
        return token.kind() == Kind.WORD
                && (ENDS.contains(token.keyword())
                        || JOINS.contains(token.keyword())
                        || Set.of("AS", "AT", "DEFAULT", "VALUES", "PIVOT", "UNPIVOT", "TABLESAMPLE", "WITH")
                                .contains(token.keyword()));
    }

    /** {@code path [AS] name [AT index]}, of an array's elements or of an object's attributes. */
    private int iteration(int from, int to, boolean ofObject) {
        var path = SuperPath.rewritten(tokens.subList(from, to), this);
        var at = to < tokens.size() && tokens.get(to).isSymbol(")") ? to + 1 : to;
        if (at < tokens.size() && tokens.get(at).is("AS")) {
            at++;
        }
        var name = tokens.get(to - 1);
        if (at < tokens.size() && tokens.get(at).isName() && !isKeyword(tokens.get(at))) {
            name = tokens.get(at++);
        }
        var index = List.<Token>of();
        if (at + 1 < tokens.size() && tokens.get(at).is("AT")) {
            index = List.of(tokens.get(at + 1));
            at += 2;
        }
        values.add(name.name());
        var alias = List.of(name);
        var position = index.isEmpty() ? List.of(Token.made(Kind.WORD, "super_position__")) : index;
        var table = List.of(SuperPath.items(name));
        var first = result.size();
        result.addAll(
                ofObject
                        ? Tokens.of(
                                "LATERAL (SELECT super_attribute__( ? , super_name__) AS ? , super_name__ AS ?"
                                        + " FROM (SELECT unnest(super_attributes__( ? )) AS super_name__)) AS ?",
                                path,
                                alias,
                                position,
                                path,
                                table)
                        : Tokens.of(
                                "LATERAL (SELECT unnest(super_elements__( ? )) AS ? ,"
                                        + " unnest(range(main.length(super_elements__( ? )))) AS ? ) AS ?",
                                path,
                                alias,
                                path,
                                position,
                                table));
        for (var i = first; i < result.size(); i++) {
            names.add(i);
        }
        return at;
    }
}
