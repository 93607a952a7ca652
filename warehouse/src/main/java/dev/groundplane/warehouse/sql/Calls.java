package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Replaces calls of functions that the engine has in another form, and casts and literals; inner ones first. */
final class Calls {
    /** After these a name before parentheses is a table's with its columns. */
    private static final Set<String> BEFORE_TABLE =
            Set.of("INTO", "TABLE", "VIEW", "UPDATE", "EXISTS", "WITH", "RECURSIVE");

    private final List<Token> tokens;
    private final List<Token> result = new ArrayList<>();

    private Calls(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws SqlFailure when a function is one of Redshift's that there is not */
    static List<Token> rewrite(List<Token> tokens) {
        var calls = new Calls(tokens);
        for (var i = 0; i < tokens.size(); ) {
            i = calls.next(i);
        }
        return calls.result;
    }

    /** Takes what begins at an index; where the next begins. */
    private int next(int index) {
        var token = tokens.get(index);
        if (isCall(index)) {
            UnsupportedFunctions.check(token);
            if (token.is("CAST") || token.is("TRY_CAST")) {
                return cast(index);
            }
            var rule = FunctionRules.of(token);
            if (rule.isPresent()) {
                return call(index, rule.get());
            }
        }
        if (token.is("APPROXIMATE")
                && index + 1 < tokens.size()
                && tokens.get(index + 1).kind() == Kind.WORD) {
            return index + 1; // an exact answer is one, too
        }
        if (token.isSymbol("::")) {
            return doubleColon(index);
        }
        if (token.isSymbol("|/") || token.isSymbol("||/")) {
            var end = operandEnd(index + 1);
            var root = token.isSymbol("|/") ? "sqrt( ? )" : "cbrt( ? )";
            result.addAll(Tokens.of(root, rewrite(tokens.subList(index + 1, end))));
            return end;
        }
        var literal = Casts.literal(tokens, index);
        if (!literal.isEmpty()) {
            result.addAll(literal);
            return index + Casts.literalLength(tokens, index);
        }
        if (token.kind() == Kind.STRING) {
            return string(index);
        }
        result.add(token);
        return index + 1;
    }

    /** Where an operand ends: a literal, a name, or a call. */
    private int operandEnd(int index) {
        var end = Math.max(SuperPath.end(tokens, index), index);
        if (end < tokens.size() && tokens.get(end).isSymbol("(")) {
            return Tokens.closing(tokens, end) + 1;
        }
        return Math.max(end, Math.min(index + 1, tokens.size()));
    }

    private boolean isCall(int index) {
        return tokens.get(index).kind() == Kind.WORD
                && index + 1 < tokens.size()
                && tokens.get(index + 1).isSymbol("(")
                && (index == 0
                        || !(tokens.get(index - 1).isSymbol(".")
                                || BEFORE_TABLE.contains(tokens.get(index - 1).keyword())));
    }

    private int call(int index, FunctionRules.Rule rule) {
        var close = Tokens.closing(tokens, index + 1);
        var inside = tokens.subList(index + 2, close);
        var distinct = !inside.isEmpty() && inside.getFirst().is("DISTINCT");
        var arguments = new ArrayList<List<Token>>();
        for (var argument : Tokens.split(distinct ? inside.subList(1, inside.size()) : inside)) {
            arguments.add(rewrite(argument));
        }
        var at = close + 1;
        var order = List.<Token>of();
        if (at + 2 < tokens.size()
                && tokens.get(at).is("WITHIN")
                && tokens.get(at + 1).is("GROUP")) {
            var end = Tokens.closing(tokens, at + 2);
            order = rewrite(tokens.subList(Math.min(at + 5, end), end));
            at = end + 1;
        }
        if (rule.takesNulls() && at + 1 < tokens.size() && tokens.get(at + 1).is("NULLS")) {
            arguments.set(arguments.size() - 1, Tokens.of("? ?", arguments.getLast(), tokens.subList(at, at + 2)));
            at += 2;
        }
        var over = List.<Token>of();
        if (rule.takesOver() && at + 1 < tokens.size() && tokens.get(at).is("OVER")) {
            var end = tokens.get(at + 1).isSymbol("(") ? Tokens.closing(tokens, at + 1) : at + 1;
            over = rewrite(tokens.subList(at, end + 1));
            at = end + 1;
        }
        result.addAll(rule.body().apply(new Call(tokens.get(index), distinct, arguments, order, over)));
        return at;
    }

    private int cast(int index) {
        var close = Tokens.closing(tokens, index + 1);
        var inside = tokens.subList(index + 2, close);
        var as = Tokens.find(inside, "AS");
        if (as < 0) {
            result.add(tokens.get(index));
            return index + 1;
        }
        result.addAll(Casts.cast(
                tokens.get(index).text(), rewrite(inside.subList(0, as)), inside.subList(as + 1, inside.size())));
        return close + 1;
    }

    /** {@code operand::type} */
    private int doubleColon(int index) {
        var end = index + 1 + Casts.typeLength(tokens, index + 1);
        var from = Tokens.operandStart(result);
        var operand = List.copyOf(result.subList(from, result.size()));
        result.subList(from, result.size()).clear();
        result.addAll(Casts.cast("CAST", operand, tokens.subList(index + 1, end)));
        return end;
    }

    /** A pattern says by a backslash that a character means itself, where the engine wants to be told so. */
    private int string(int index) {
        var token = tokens.get(index);
        var isPattern = index > 0
                && (tokens.get(index - 1).is("LIKE") || tokens.get(index - 1).is("ILIKE"));
        var isRegular = index > 1
                && tokens.get(index - 1).is("TO")
                && tokens.get(index - 2).is("SIMILAR");
        var escape = index + 2 < tokens.size() && tokens.get(index + 1).is("ESCAPE")
                ? tokens.get(index + 2).string()
                : "\\";
        if (isRegular) {
            result.addAll(Tokens.string(SimilarTo.regularExpression(token.string(), escape)));
            return index + (index + 1 < tokens.size() && tokens.get(index + 1).is("ESCAPE") ? 3 : 1);
        }
        result.add(token);
        if (isPattern && token.string().indexOf('\\') >= 0 && escape.equals("\\")) {
            result.addAll(Tokens.of("ESCAPE ?", Tokens.string("\\")));
            return index + (index + 1 < tokens.size() && tokens.get(index + 1).is("ESCAPE") ? 3 : 1);
        }
        return index + 1;
    }
}
