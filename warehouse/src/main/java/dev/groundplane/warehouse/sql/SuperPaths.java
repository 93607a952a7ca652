package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Navigation into SUPER values in a whole statement. What stands around a path says which SQL type it is wanted as, because SUPER
 * is typed by its values: a comparison with a number is true of numbers only.
 */
final class SuperPaths {
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", ">", "<=", ">=");
    private static final Set<String> ARITHMETIC = Set.of("+", "-", "*", "/", "%");
    private static final Set<String> OF_NUMBERS = Set.of(
            "SUM",
            "AVG",
            "MEDIAN",
            "STDDEV",
            "STDDEV_SAMP",
            "STDDEV_POP",
            "VARIANCE",
            "VAR_SAMP",
            "VAR_POP",
            "ABS",
            "ROUND",
            "FLOOR",
            "CEIL",
            "CEILING",
            "TRUNC",
            "SQRT",
            "EXP",
            "LN",
            "LOG",
            "MOD",
            "POWER",
            "SIGN");
    private static final Set<String> OF_TEXTS = Set.of(
            "UPPER",
            "LOWER",
            "TRIM",
            "BTRIM",
            "LTRIM",
            "RTRIM",
            "LEN",
            "LENGTH",
            "SUBSTRING",
            "SUBSTR",
            "LEFT",
            "RIGHT",
            "REPLACE",
            "STRPOS",
            "CHARINDEX",
            "SPLIT_PART",
            "CONCAT",
            "INITCAP",
            "REGEXP_SUBSTR",
            "REGEXP_REPLACE",
            "REGEXP_COUNT",
            "REGEXP_INSTR",
            "LISTAGG",
            "TO_DATE",
            "TO_TIMESTAMP");
    private static final Set<String> QUERIES =
            Set.of("SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN");
    private static final Set<String> BEFORE_OTHER_NAMES = Set.of("TABLE", "COLLATE");

    private final FromItems items;
    private final List<Token> tokens;
    private final List<Token> result = new ArrayList<>();
    /** The functions whose parentheses are open, and whether an ORDER BY is between them. */
    private final Deque<String> functions = new ArrayDeque<>(List.of(""));

    private final Deque<Boolean> ordering = new ArrayDeque<>(List.of(false));

    private SuperPaths(List<Token> tokens) {
        this.items = FromItems.of(tokens);
        this.tokens = items.tokens();
    }

    /** A statement in which paths are calls of functions. */
    static List<Token> rewrite(List<Token> tokens) {
        var verb = tokens.getFirst();
        if (verb.is("CREATE")) {
            // Only the query that a table or a view is made of has paths.
            var query = Tokens.find(tokens, "AS") + 1;
            return query == 0 || query == tokens.size()
                    ? tokens
                    : Tokens.of("? ?", tokens.subList(0, query), rewrite(tokens.subList(query, tokens.size())));
        }
        if (verb.kind() == Kind.WORD && !QUERIES.contains(verb.keyword())) {
            return tokens;
        }
        if (tokens.stream().noneMatch(token -> token.isSymbol(".") || token.isSymbol("[") || token.is("UNNEST"))) {
            return tokens;
        }
        var paths = new SuperPaths(tokens);
        paths.run();
        return paths.result;
    }

    /** Whether an operand is a path that was rewritten. */
    static boolean isValue(List<Token> operand) {
        return operand.getFirst().start() < 0
                && operand.getFirst().text().equals("super_at__")
                && Tokens.closing(operand, 1) == operand.size() - 1;
    }

    private void run() {
        for (var i = 0; i < tokens.size(); ) {
            var end = isPath(i) ? SuperPath.end(tokens, i) : i;
            var path = tokens.subList(i, end);
            if (end > i && !symbolAt(end, "(") && !symbolAt(end, ".") && SuperPath.isNavigation(path, items)) {
                typed(SuperPath.rewritten(path, items), i, end);
                i = end;
            } else {
                i = pass(i, Math.max(end, i + 1));
            }
        }
    }

    /** Takes tokens as they are. */
    private int pass(int from, int to) {
        for (var i = from; i < to; i++) {
            var token = tokens.get(i);
            if (token.isSymbol("(")) {
                functions.push(
                        i > 0 && tokens.get(i - 1).kind() == Kind.WORD
                                ? tokens.get(i - 1).keyword()
                                : "");
                ordering.push(false);
            } else if (token.isSymbol(")") && functions.size() > 1) {
                functions.pop();
                ordering.pop();
            } else if (token.is("BY") && i > 0) {
                ordering.pop();
                ordering.push(tokens.get(i - 1).is("ORDER"));
            } else if (token.is("LIMIT") || token.is("SELECT") || token.is("ROWS")) {
                ordering.pop();
                ordering.push(false);
            }
            result.add(token);
        }
        return to;
    }

    private boolean isPath(int index) {
        if (!tokens.get(index).isName() || tokens.get(index).start() < 0 || items.isPartOfTable(index)) {
            return false;
        }
        if (symbolAt(index - 1, ".") || symbolAt(index - 1, "::")) {
            return false;
        }
        return index == 0
                || !(tokens.get(index - 1).is("AS")
                        || BEFORE_OTHER_NAMES.contains(tokens.get(index - 1).keyword()));
    }

    private boolean symbolAt(int index, String symbol) {
        return index >= 0 && index < tokens.size() && tokens.get(index).isSymbol(symbol);
    }

    /** A value as the type that is wanted of it. */
    private void typed(List<Token> value, int from, int to) {
        var before = from > 0 ? tokens.get(from - 1) : Token.made(Kind.SYMBOL, "");
        var after = to < tokens.size() ? tokens.get(to) : Token.made(Kind.SYMBOL, "");
        if (after.isSymbol("::")) {
            result.addAll(value);
        } else if (before.isSymbol("||") || after.isSymbol("||")) {
            result.addAll(Tokens.of("super_text__( ? )", value));
        } else if (isOneOf(before, ARITHMETIC) || (isOneOf(after, ARITHMETIC) && !isEndOfStar(to))) {
            result.addAll(Tokens.of("super_number__( ? )", value));
        } else if (isOneOf(after, COMPARISONS)) {
            compared(value, after, to + 1);
        } else if (isOneOf(before, COMPARISONS)) {
            compared(value, before, from - 2);
        } else if (after.is("BETWEEN")
                || after.is("IN")
                || after.is("NOT")
                || after.is("LIKE")
                || after.is("ILIKE")
                || after.is("SIMILAR")
                || after.isSymbol("~")
                || after.isSymbol("!~")) {
            result.addAll(Tokens.of(accessor(firstLiteral(to)) + "( ? )", value));
        } else {
            inFunction(value);
        }
    }

    private void inFunction(List<Token> value) {
        var function = functions.peek();
        if (OF_NUMBERS.contains(function)) {
            result.addAll(Tokens.of("super_number__( ? )", value));
        } else if (OF_TEXTS.contains(function)) {
            result.addAll(Tokens.of("super_string__( ? )", value));
        } else if (function.equals("MIN") || function.equals("MAX")) {
            throw SqlFailure.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "%s of a SUPER value is not supported".formatted(function),
                    "Cast it to the type that it has.");
        } else if (ordering.peek()) {
            result.addAll(Tokens.of("super_order__( ? )", value));
        } else {
            result.addAll(isWhole(value) ? value.subList(2, value.size() - 3) : value);
        }
    }

    /** A value that is iterated over is a column. */
    private static boolean isWhole(List<Token> value) {
        return value.get(value.size() - 2).text().equals("'$'");
    }

    /** {@code count(a.*)}: no multiplication. */
    private boolean isEndOfStar(int index) {
        return symbolAt(index, "*") && (symbolAt(index + 1, ")") || symbolAt(index + 1, ","));
    }

    private static boolean isOneOf(Token token, Set<String> symbols) {
        return token.kind() == Kind.SYMBOL && symbols.contains(token.text());
    }

    /** What is compared with a literal is of its type; with something else, only equality says something without knowing types. */
    private void compared(List<Token> value, Token operator, int other) {
        var literal = other >= 0 && other < tokens.size() ? tokens.get(other) : operator;
        if (literal.isSymbol("-") && other + 1 < tokens.size()) {
            literal = tokens.get(other + 1);
        }
        var accessor = literal.isName() || literal.isSymbol("(") || literal.isSymbol("]") || literal.isSymbol(")")
                ? isEquality(operator) && isSuper(other) ? "" : "super_number__"
                : accessor(literal);
        if (accessor.equals("super_number__")
                && isEquality(operator)
                && literal.isName()
                && !literal.is("TRUE")
                && !literal.is("FALSE")) {
            throw SqlFailure.of(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "a comparison of a SUPER value with \"%s\", whose type is open, is not supported"
                            .formatted(literal.text()),
                    "Cast the SUPER value.");
        }
        result.addAll(accessor.isEmpty() ? value : Tokens.of(accessor + "( ? )", value));
    }

    private static boolean isEquality(Token operator) {
        return operator.isSymbol("=") || operator.isSymbol("<>") || operator.isSymbol("!=");
    }

    /** Whether the operand there is a path, too. */
    private boolean isSuper(int index) {
        if (index < 0 || index >= tokens.size()) {
            return false;
        }
        var start = index;
        if (!isPath(index) || SuperPath.end(tokens, index) == index + 1) {
            start = Tokens.operandStart(tokens.subList(0, index + 1));
        }
        return tokens.get(start).isName()
                && SuperPath.isNavigation(tokens.subList(start, SuperPath.end(tokens, start)), items);
    }

    private Token firstLiteral(int from) {
        for (var i = from; i < tokens.size(); i++) {
            var kind = tokens.get(i).kind();
            if (kind == Kind.STRING || kind == Kind.NUMBER || kind == Kind.PARAMETER) {
                return tokens.get(i);
            }
        }
        return Token.made(Kind.SYMBOL, "");
    }

    private static String accessor(Token literal) {
        return switch (literal.kind()) {
            case NUMBER -> "super_number__";
            case STRING, PARAMETER -> "super_string__";
            case WORD -> "super_boolean__";
            default -> "super_text__";
        };
    }
}
