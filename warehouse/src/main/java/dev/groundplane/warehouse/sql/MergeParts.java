package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * A {@code MERGE} as the changes that it consists of, each with the target, the source and its condition. They are for finding out
 * what it reads and writes, not for carrying it out.
 */
public final class MergeParts {
    private final Statement statement;
    private final List<String> parameters;
    private final List<Token> tokens;

    private MergeParts(Statement statement, List<String> parameters) {
        this.statement = statement;
        this.parameters = parameters;
        this.tokens = statement.tokens();
    }

    /**
     * The changes, in the engine's SQL.
     *
     * @throws SqlFailure when it is written in a way that is not known here
     */
    public static List<String> of(Statement merge, List<String> parameters) {
        return new MergeParts(merge, parameters).parts();
    }

    private List<String> parts() {
        var using = next(0, "USING");
        var on = next(using, "ON");
        var targetStart = tokens.size() > 1 && tokens.get(1).is("INTO") ? 2 : 1;
        var target = between(targetStart, using);
        var name = between(targetStart, targetStart + nameLength(targetStart));
        var source = between(using + 1, on);
        var when = next(on, "WHEN");
        var condition = between(on + 1, when);
        var parts = new ArrayList<String>();
        while (when < tokens.size()) {
            var end = nextOrEnd(when + 1, "WHEN");
            // As one statement: names before a dot are told apart by what it reads.
            parts.add(EngineSql.of(statement.part(part(when, end, target, name, source, condition)), parameters));
            when = end;
        }
        return parts;
    }

    private List<Token> part(
            int when, int end, List<Token> target, List<Token> name, List<Token> source, List<Token> condition) {
        var then = next(when, "THEN");
        if (then >= end) {
            throw unknown(when);
        }
        var and = nextOrEnd(when, "AND");
        var where = and < then ? Tokens.of("( ? ) AND ( ? )", condition, between(and + 1, then)) : condition;
        var action = then + 1 < end ? tokens.get(then + 1) : tokens.get(then);
        if (action.is("UPDATE") && then + 2 < end && tokens.get(then + 2).is("SET")) {
            return Tokens.of("UPDATE ? SET ? FROM ? WHERE ?", target, between(then + 3, end), source, where);
        }
        if (action.is("DELETE") && then + 2 == end) {
            return Tokens.of("DELETE FROM ? USING ? WHERE ?", target, source, where);
        }
        if (action.is("INSERT")) {
            var values = next(then, "VALUES");
            var columns = values > then + 2 ? between(then + 2, values) : List.<Token>of();
            if (values + 2 < end
                    && tokens.get(values + 1).isSymbol("(")
                    && tokens.get(end - 1).isSymbol(")")) {
                var row = between(values + 2, end - 1);
                return Tokens.of(
                        "INSERT INTO ? ? SELECT ? FROM ? , ? WHERE ?", name, columns, row, target, source, where);
            }
        }
        throw unknown(then);
    }

    private int nameLength(int start) {
        var length = 1;
        while (start + length < tokens.size() && tokens.get(start + length).isSymbol(".")) {
            length += 2;
        }
        return tokens.get(start).isSymbol("#") ? 2 : length;
    }

    private int next(int from, String word) {
        var found = nextOrEnd(from, word);
        if (found == tokens.size()) {
            throw unknown(from);
        }
        return found;
    }

    /** The next such word outside of parentheses and CASE. */
    private int nextOrEnd(int from, String word) {
        var depth = 0;
        for (var i = from; i < tokens.size(); i++) {
            var token = tokens.get(i);
            depth += token.isSymbol("(") || token.is("CASE") ? 1 : token.isSymbol(")") || token.is("END") ? -1 : 0;
            if (depth == 0 && token.is(word)) {
                return i;
            }
        }
        return tokens.size();
    }

    private List<Token> between(int from, int to) {
        if (from >= to || to > tokens.size()) {
            throw unknown(Math.min(from, tokens.size() - 1));
        }
        return tokens.subList(from, to);
    }

    private SqlFailure unknown(int at) {
        return SqlFailure.syntax(
                "syntax error in MERGE at or near \"%s\""
                        .formatted(tokens.get(at).text()),
                tokens.get(at).start());
    }
}
