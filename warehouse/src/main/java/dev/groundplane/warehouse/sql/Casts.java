package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Casts, and literals with a type before them, as the engine has them. */
final class Casts {
    private static final Set<String> TEXT_TYPES =
            Set.of("VARCHAR", "CHAR", "CHARACTER", "NVARCHAR", "NCHAR", "BPCHAR", "TEXT");

    private Casts() {}

    /** How many tokens a type has: {@code timestamp without time zone}, {@code character varying(10)}. */
    static int typeLength(List<Token> tokens, int index) {
        var at = index + 1;
        if ((is(tokens, index, "DOUBLE") && is(tokens, at, "PRECISION"))
                || (is(tokens, index, "CHARACTER") && is(tokens, at, "VARYING"))) {
            at++;
        }
        if (at < tokens.size() && tokens.get(at).isSymbol("(")) {
            at = Tokens.closing(tokens, at) + 1;
        }
        if ((is(tokens, at, "WITH") || is(tokens, at, "WITHOUT"))
                && is(tokens, at + 1, "TIME")
                && is(tokens, at + 2, "ZONE")) {
            at += 3;
        }
        return Math.min(at, tokens.size()) - index;
    }

    private static boolean is(List<Token> tokens, int index, String keyword) {
        return index < tokens.size() && tokens.get(index).is(keyword);
    }

    /**
     * A cast.
     *
     * @param form {@code CAST}, or what stands for it
     * @throws SqlFailure when there is no such type here
     */
    static List<Token> cast(String form, List<Token> operand, List<Token> type) {
        var name = type.isEmpty() ? "" : type.getFirst().keyword();
        if (TypeParser.REFUSED.contains(name)) {
            throw SqlFailure.unsupported("type " + name);
        }
        if (name.equals("SUPER")) {
            return Tokens.of("super_of( ? )", operand);
        }
        var from = operand;
        if (operand.size() == 1 && operand.getFirst().kind() == Kind.STRING) {
            from = literalOf(operand.getFirst(), typeName(type));
        } else if (SuperPaths.isValue(operand)) {
            return Tokens.of("TRY_CAST(super_text__( ? ) AS ? )", operand, engineType(type));
        }
        if (TEXT_TYPES.contains(name) && mayBeSuper(operand)) {
            from = Tokens.of("column_text__( ? )", operand);
        }
        var length = textLength(type);
        if (length > 0) {
            return Tokens.of(
                    form + "(varchar__cut( ? , ? ) AS VARCHAR)",
                    from,
                    List.of(Token.made(Kind.NUMBER, Integer.toString(length))));
        }
        return Tokens.of(form + "( ? AS ? )", from, engineType(type));
    }

    /** A literal is none, and a subquery is not to be carried out twice. */
    private static boolean mayBeSuper(List<Token> operand) {
        return operand.size() == 1
                ? operand.getFirst().isName() && !operand.getFirst().is("NULL")
                : !operand.get(1).is("SELECT") && operand.getLast().kind() != Kind.STRING;
    }

    private static List<Token> literalOf(Token literal, String type) {
        var text = literal.string();
        return switch (type) {
            case "DATE" -> Tokens.string(DateTimeLiteral.date(text));
            case "TIMESTAMP", "TIMESTAMPTZ", "DATETIME" -> Tokens.string(DateTimeLiteral.timestamp(text));
            case "TIME", "TIMETZ" -> Tokens.string(DateTimeLiteral.time(text));
            case "INTERVAL" -> IntervalLiteral.of(text, "").map(Tokens::string).orElse(List.of(literal));
            default -> List.of(literal);
        };
    }

    private static String typeName(List<Token> type) {
        return type.isEmpty() ? "" : type.getFirst().keyword();
    }

    /** Of a type of texts that has one; 0 for none. */
    private static int textLength(List<Token> type) {
        if (!TEXT_TYPES.contains(typeName(type))) {
            return 0;
        }
        var number = type.stream().filter(token -> token.kind() == Kind.NUMBER).findFirst();
        if (number.isPresent()) {
            return Integer.parseInt(number.get().text());
        }
        var isSingle = Set.of("CHAR", "CHARACTER", "NCHAR").contains(typeName(type));
        return isSingle && type.size() == 1 ? 1 : 0;
    }

    private static List<Token> engineType(List<Token> type) {
        return switch (typeName(type)) {
            case "NUMERIC", "DECIMAL", "DEC" -> type.size() == 1 ? Tokens.of("DECIMAL(18, 0)") : type;
            case "VARBYTE", "VARBINARY" -> Tokens.of("BLOB");
            case "DATETIME" -> Tokens.of("TIMESTAMP");
            // The engine's is single precision.
            case "FLOAT" -> Tokens.of(isSinglePrecision(type) ? "REAL" : "DOUBLE");
            default -> type;
        };
    }

    /** {@code FLOAT(24)} and less. */
    private static boolean isSinglePrecision(List<Token> type) {
        return type.stream()
                .filter(token -> token.kind() == Kind.NUMBER)
                .anyMatch(token -> Integer.parseInt(token.text()) <= TypeParser.BITS_OF_REAL);
    }

    /** {@code date '20220502'}, {@code interval '1w'}; empty when there is none that the engine does not read itself. */
    static List<Token> literal(List<Token> tokens, int index) {
        if (index + 1 >= tokens.size()
                || tokens.get(index + 1).kind() != Kind.STRING
                || tokens.get(index).kind() != Kind.WORD) {
            return List.of();
        }
        var text = tokens.get(index + 1);
        return switch (tokens.get(index).keyword()) {
            case "DATE" ->
                Tokens.of(
                        "DATE ?",
                        Tokens.string(DateTimeLiteral.date(text.string())
                                .replaceFirst("(?<=\\d{4}-\\d{2}-\\d{2}(?: \\(BC\\))?) (?!\\(BC).*", "")));
            case "TIMESTAMP", "TIMESTAMPTZ", "TIME", "TIMETZ" ->
                Tokens.of(
                        tokens.get(index).keyword() + " ?",
                        literalOf(text, tokens.get(index).keyword()));
            case "DATETIME" -> Tokens.of("TIMESTAMP ?", literalOf(text, "DATETIME"));
            case "INTERVAL" ->
                IntervalLiteral.of(text.string(), unit(tokens, index + 2))
                        .map(interval -> Tokens.of("INTERVAL ?", Tokens.string(interval)))
                        .orElse(List.of());
            default -> List.of();
        };
    }

    /** How many of the statement's tokens that literal was. */
    static int literalLength(List<Token> tokens, int index) {
        return tokens.get(index).is("INTERVAL") && !unit(tokens, index + 2).isEmpty() ? 3 : 2;
    }

    private static String unit(List<Token> tokens, int index) {
        if (index >= tokens.size() || tokens.get(index).kind() != Kind.WORD) {
            return "";
        }
        var word = tokens.get(index).keyword();
        return Set.of("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND").contains(word)
                ? word.toLowerCase(Locale.ROOT)
                : "";
    }
}
