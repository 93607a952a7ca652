package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Queries in the engine's SQL. Works on tokens and leaves what it does not know as it is: whatever both dialects have in common
 * passes unchanged, and the engine reports what neither knows.
 */
public final class EngineSql {
    /** Functions whose first argument is a part of a date, with or without quotes. */
    private static final Set<String> DATE_PART_FIRST =
            Set.of("DATEADD", "DATE_ADD", "DATEDIFF", "DATE_DIFF", "DATE_PART", "DATEPART", "DATE_TRUNC");

    /** Words that are functions without parentheses. */
    private static final Set<String> BARE_FUNCTIONS = Set.of("SYSDATE");

    /** Words for who the session is, by their function; in quotes, because the engine has words of its own of that name. */
    private static final Map<String, String> USERS = Map.of(
            "CURRENT_USER", "\"current_user\"()", "USER", "\"current_user\"()", "SESSION_USER", "\"session_user\"()");

    private final List<Token> tokens;
    private final List<String> pieces = new ArrayList<>();

    private EngineSql(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * A query as the engine takes it.
     *
     * @param parameters literals for {@code $1}, {@code $2}, …
     * @throws SqlFailure when there are fewer parameters than the query names
     */
    public static String of(Statement statement, List<String> parameters) {
        return CatalogQuery.of(statement, parameters).orElseGet(() -> of(statement.tokens(), parameters));
    }

    /** A part of a statement without parameters. */
    static String of(List<Token> tokens) {
        return of(tokens, List.of());
    }

    private static String of(List<Token> tokens, List<String> parameters) {
        var sql = new EngineSql(tokens);
        for (var i = 0; i < sql.tokens.size(); i++) {
            sql.pieces.add(sql.piece(i, parameters));
        }
        new Top(sql.tokens, sql.pieces).apply();
        return sql.joined();
    }

    private String piece(int index, List<String> parameters) {
        var token = tokens.get(index);
        if (token.isName() && isCall(index)) {
            RefusedFunctions.check(token.name());
        }
        return switch (token.kind()) {
            case STRING -> StringContent.quote(token.string());
            case PARAMETER -> parameter(token, parameters);
            case QUOTED_NAME -> "\"" + token.name().replace("\"", "\"\"") + "\"";
            case WORD -> word(index);
            case SYMBOL -> symbol(index);
            case NUMBER -> token.text();
        };
    }

    /** A parameter's literal. */
    static String parameter(Token token, List<String> parameters) {
        var number = token.parameter();
        if (number < 1 || number > parameters.size()) {
            throw SqlFailure.of(SqlState.UNDEFINED_PARAMETER, "there is no parameter " + token.text());
        }
        return parameters.get(number - 1);
    }

    private String word(int index) {
        var token = tokens.get(index);
        var keyword = token.keyword();
        if (isSymbol(index - 1, "#")) {
            return ""; // went into the name before
        }
        if (isDatePart(index)) {
            return StringContent.quote(token.name());
        }
        if (BARE_FUNCTIONS.contains(keyword) && !isSymbol(index - 1, ".")) {
            return token.text() + "()";
        }
        if (USERS.containsKey(keyword)
                && !isSymbol(index - 1, ".")
                && !isSymbol(index + 1, ".")
                && !isSymbol(index + 1, "(")) {
            return USERS.get(keyword);
        }
        return switch (keyword) {
            case "DATE_ADD" -> isSymbol(index + 1, "(") ? "DATEADD" : token.text();
            case "NVL" -> isSymbol(index + 1, "(") ? "COALESCE" : token.text();
            case "MINUS" -> isSetOperation(index) ? "EXCEPT" : token.text();
            case "PG_CATALOG" -> !isSymbol(index + 1, ".") ? token.text() : isCall(index + 2) ? "" : "sys.catalog";
            case "INFORMATION_SCHEMA" ->
                isSymbol(index + 1, ".") && !isSymbol(index - 1, ".") ? "sys.information" : token.text();
            case "BPCHAR" -> "VARCHAR";
            case "SUPER" -> isSymbol(index - 1, "::") ? "JSON" : token.text();
            case "VARBYTE" -> isSymbol(index - 1, "::") ? "BLOB" : token.text();
            case "MAX" -> isLengthOfType(index) ? "65535" : token.text();
            default -> token.text();
        };
    }

    /** {@code #name} is a table of the session whose name has the mark. */
    private String symbol(int index) {
        var token = tokens.get(index);
        if (index > 0 && token.isSymbol(".") && tokens.get(index - 1).is("PG_CATALOG") && isCall(index + 1)) {
            return ""; // functions are found without their schema
        }
        return token.isSymbol("#")
                        && index + 1 < tokens.size()
                        && tokens.get(index + 1).kind() == Kind.WORD
                ? "\"#" + tokens.get(index + 1).name() + "\""
                : token.text();
    }

    private boolean isDatePart(int index) {
        return isSymbol(index - 1, "(")
                && isSymbol(index + 1, ",")
                && index >= 2
                && tokens.get(index - 2).kind() == Kind.WORD
                && DATE_PART_FIRST.contains(tokens.get(index - 2).keyword());
    }

    /** {@code varchar(max)} */
    private boolean isLengthOfType(int index) {
        return isSymbol(index - 1, "(")
                && isSymbol(index + 1, ")")
                && index >= 2
                && Set.of("VARCHAR", "NVARCHAR", "TEXT", "VARYING")
                        .contains(tokens.get(index - 2).keyword());
    }

    /** Between two queries, where no name can stand. */
    private boolean isSetOperation(int index) {
        return index + 1 < tokens.size()
                && (tokens.get(index + 1).is("SELECT")
                        || tokens.get(index + 1).is("ALL")
                        || (isSymbol(index + 1, "(")
                                && index + 2 < tokens.size()
                                && tokens.get(index + 2).is("SELECT")));
    }

    private boolean isCall(int index) {
        return isSymbol(index + 1, "(");
    }

    private boolean isSymbol(int index, String symbol) {
        return index >= 0 && index < tokens.size() && tokens.get(index).isSymbol(symbol);
    }

    /** With a space wherever there was space or a comment. */
    private String joined() {
        var sql = new StringBuilder();
        for (var i = 0; i < tokens.size(); i++) {
            if (i > 0 && tokens.get(i).start() > tokens.get(i - 1).end()) {
                sql.append(' ');
            }
            sql.append(pieces.get(i));
        }
        return sql.toString();
    }
}
