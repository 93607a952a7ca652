package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Forms of whole statements that the engine writes otherwise, and those that there are not. */
final class StatementForms {
    /** Symbols that are no operators. */
    private static final Set<String> MARKS =
            Set.of("(", ")", "[", "]", "{", "}", ",", ";", ".", ":", "::", "#", "$", "?", "\"");

    private StatementForms() {}

    /** @throws SqlFailure that names the form, when there is none */
    static List<Token> rewrite(List<Token> tokens) {
        refuse(tokens);
        refuseRemoveDuplicates(tokens);
        return tokens;
    }

    /**
     * What a statement says in other words, before anything looks at it: {@code OPERATOR(pg_catalog.~)}, as psql writes, is {@code ~},
     * {@code ::pg_catalog.text} is {@code ::text}, also after {@code AS}, and {@code SELECT … INTO} makes a table.
     */
    static List<Token> plain(List<Token> tokens) {
        return selectInto(withoutQualifiers(tokens));
    }

    private static List<Token> withoutQualifiers(List<Token> tokens) {
        var plain = new ArrayList<Token>();
        for (var i = 0; i < tokens.size(); i++) {
            if (isQualifiedOperator(tokens, i)) {
                plain.add(operator(tokens.get(i + 4)));
                i += 5;
            } else if (i > 0
                    && (tokens.get(i - 1).isSymbol("::") || tokens.get(i - 1).is("AS"))
                    && isQualifier(tokens, i)) {
                i++;
            } else {
                plain.add(tokens.get(i));
            }
        }
        return plain;
    }

    private static Token operator(Token token) {
        if (token.kind() != Token.Kind.SYMBOL || MARKS.contains(token.text())) {
            throw SqlFailure.syntax(
                    "syntax error at or near \"%s\": it is no operator".formatted(token.text()), token.start());
        }
        return token;
    }

    private static boolean isQualifiedOperator(List<Token> tokens, int at) {
        return at + 5 < tokens.size()
                && tokens.get(at).is("OPERATOR")
                && tokens.get(at + 1).isSymbol("(")
                && isQualifier(tokens, at + 2)
                && tokens.get(at + 5).isSymbol(")");
    }

    private static boolean isQualifier(List<Token> tokens, int at) {
        return at + 1 < tokens.size()
                && tokens.get(at).is("PG_CATALOG")
                && tokens.get(at + 1).isSymbol(".");
    }

    private static void refuse(List<Token> tokens) {
        for (var i = 0; i + 1 < tokens.size(); i++) {
            var token = tokens.get(i);
            if (token.is("CONNECT") && tokens.get(i + 1).is("BY")) {
                throw SqlFailure.unsupported("CONNECT BY");
            }
            if (token.isSymbol("(")
                    && i + 2 < tokens.size()
                    && tokens.get(i + 1).isSymbol("+")
                    && tokens.get(i + 2).isSymbol(")")) {
                throw SqlFailure.unsupported("the outer join operator (+)");
            }
        }
    }

    /** {@code SELECT … INTO [TEMP] name FROM …} as the statement that makes a table of a query; any other as it is. */
    private static List<Token> selectInto(List<Token> tokens) {
        if (!tokens.getFirst().is("SELECT") && !tokens.getFirst().is("WITH")) {
            return tokens;
        }
        var into = Tokens.find(tokens, "INTO");
        if (into < 1
                || tokens.get(into - 1).is("INSERT")
                || tokens.get(into - 1).is("MERGE")) {
            return tokens;
        }
        var at = into + 1;
        var temporary = List.<Token>of();
        if (at < tokens.size() && (tokens.get(at).is("TEMP") || tokens.get(at).is("TEMPORARY"))) {
            temporary = Tokens.of("TEMP");
            at++;
        }
        at += at < tokens.size() && tokens.get(at).is("TABLE") ? 1 : 0;
        var mark = at < tokens.size() && tokens.get(at).isSymbol("#") ? 1 : 0;
        var end = SuperPath.end(tokens, at + mark);
        var query = new ArrayList<>(tokens.subList(0, into));
        query.addAll(tokens.subList(end, tokens.size()));
        return Tokens.of(
                "CREATE ? TABLE ? AS ?", mark == 1 ? Tokens.of("TEMP") : temporary, tokens.subList(at, end), query);
    }

    /** {@code MERGE INTO target USING source ON condition REMOVE DUPLICATES} has no clauses that say what is to be done. */
    private static void refuseRemoveDuplicates(List<Token> tokens) {
        if (tokens.getFirst().is("MERGE") && Tokens.find(tokens, "REMOVE") >= 0) {
            throw SqlFailure.unsupported("MERGE … REMOVE DUPLICATES");
        }
    }
}
