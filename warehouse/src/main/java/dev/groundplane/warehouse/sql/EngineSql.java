package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Queries in the engine's SQL. Works on tokens and leaves what it does not know as it is: whatever both dialects have in common
 * passes unchanged, and the engine reports what neither knows.
 */
public final class EngineSql {
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
        return statement.verb().equals("EXPLAIN")
                ? explained(statement, parameters)
                : CatalogQuery.of(statement, parameters).orElseGet(() -> of(statement.tokens(), parameters));
    }

    /** What is explained is the engine's as if it stood alone. */
    private static String explained(Statement statement, List<String> parameters) {
        var explained = statement.explained();
        var options = statement.tokens().stream()
                .limit(statement.tokens().size() - explained.tokens().size())
                .filter(token -> !token.is("VERBOSE")) // the engine's plans have one length
                .toList();
        return of(options, parameters) + " " + of(explained, parameters);
    }

    /** A part of a statement without parameters. */
    static String of(List<Token> tokens) {
        return of(tokens, List.of());
    }

    private static String of(List<Token> tokens, List<String> parameters) {
        var sql =
                new EngineSql(Calls.rewrite(SuperPaths.rewrite(CatalogForms.rewrite(StatementForms.rewrite(tokens)))));
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
            case STRING -> Names.literal(token.string());
            case PARAMETER -> parameter(token, parameters);
            case QUOTED_NAME -> Names.quote(token.name());
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
            case "MINUS" -> isSetOperation(index) ? "EXCEPT" : token.text();
            case "PG_CATALOG" -> !isSymbol(index + 1, ".") ? token.text() : isCall(index + 2) ? "" : "sys.catalog";
            case "INFORMATION_SCHEMA" ->
                isSymbol(index + 1, ".") && !isSymbol(index - 1, ".") ? "sys.information" : token.text();
            case "BPCHAR" -> "VARCHAR";
            // A name in Redshift, a keyword in the engine.
            case "ARRAY" -> isSymbol(index + 1, "(") || isSymbol(index + 1, "[") ? "array" : "\"array\"";
            case "SUPER" -> tokens.getFirst().is("CREATE") || tokens.getFirst().is("ALTER") ? "JSON" : "super";
            case "MAX" -> isLengthOfType(index) ? "65535" : token.text();
            // Names are kept in small letters.
            default -> token.text().toLowerCase(Locale.ROOT);
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

    private String joined() {
        return String.join(" ", pieces);
    }
}
