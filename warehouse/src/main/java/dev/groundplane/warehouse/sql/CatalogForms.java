package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Forms in which drivers and tools ask PostgreSQL's catalog, and which the engine has otherwise or not at all. */
final class CatalogForms {
    /** Types of identifiers of objects, which are numbers here. */
    private static final Set<String> OBJECT_TYPES =
            Set.of("REGCLASS", "REGTYPE", "REGNAMESPACE", "REGPROC", "REGPROCEDURE", "REGOPER");

    private static final Set<String> FOUND_BY_NAME = Set.of("REGCLASS", "REGTYPE", "REGNAMESPACE");

    /** The catalog's arrays that count from one; the names of no others are taken for arrays. */
    private static final Set<String> ARRAYS =
            Set.of("CONKEY", "CONFKEY", "PROARGNAMES", "PROARGMODES", "PROALLARGTYPES", "GROLIST");

    /** Those that count from zero. */
    private static final Set<String> VECTORS = Set.of("INDKEY", "INDCLASS", "INDOPTION", "PROARGTYPES");

    private static final String LATE_BINDING_COLUMNS = "PG_GET_LATE_BINDING_VIEW_COLS";

    private final List<Token> tokens;
    private final List<Token> result = new ArrayList<>();

    private CatalogForms(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** A statement in the engine's forms; as it is when it asks no catalog. */
    static List<Token> rewrite(List<Token> tokens) {
        if (tokens.stream().noneMatch(CatalogForms::isOfCatalog)) {
            return tokens;
        }
        return new CatalogForms(tokens).rewritten();
    }

    private static boolean isOfCatalog(Token token) {
        return token.isName()
                && (token.name().startsWith("pg_")
                        || token.name().equals("information_schema")
                        || OBJECT_TYPES.contains(token.keyword()));
    }

    private List<Token> rewritten() {
        for (var i = 0; i < tokens.size(); ) {
            i = next(i);
        }
        return result;
    }

    /** Takes what begins at an index; where the next begins. */
    private int next(int index) {
        var token = tokens.get(index);
        if (token.isSymbol("::") && isObjectType(index + 1)) {
            return objectType(index);
        }
        if (token.is("ARRAY") && symbolAt(index + 1, "(") && wordAt(index + 2, "SELECT")) {
            var end = Tokens.closing(tokens, index + 1);
            result.addAll(Tokens.of(
                    "( SELECT list(element__) FROM ( ? ) AS elements__(element__) )",
                    rewrite(tokens.subList(index + 2, end))));
            return end + 1;
        }
        if (token.is("CURRENT_SCHEMAS") && symbolAt(index + 1, "(") && isSubscripted(index)) {
            result.add(Token.made(Kind.WORD, "current_schemas__list"));
            return index + 1;
        }
        if (token.is(LATE_BINDING_COLUMNS) && symbolAt(index + 1, "(") && isInFrom(index)) {
            return lateBindingColumns(index);
        }
        if (token.isName() && symbolAt(index + 1, "[")) {
            var first = VECTORS.contains(token.keyword()) ? 0 : ARRAYS.contains(token.keyword()) ? 1 : -1;
            if (first >= 0) {
                return element(index, first);
            }
        }
        result.add(token);
        return index + 1;
    }

    /** {@code 'pg_class'::regclass} is the object of that name; any other value is the object's number already. */
    private int objectType(int index) {
        var type = tokens.get(index + 1).keyword();
        if (result.isEmpty() || result.getLast().kind() != Kind.STRING) {
            result.addAll(Tokens.of(":: BIGINT"));
        } else if (FOUND_BY_NAME.contains(type)) {
            var name = result.removeLast();
            result.addAll(Tokens.of(type + "__( ? )", List.of(name)));
        } else {
            result.removeLast();
            result.addAll(Tokens.of("( - 1 )")); // the catalog has no functions and operators
        }
        return index + 2;
    }

    /** {@code con.conkey[pos.n]} */
    private int element(int index, int first) {
        var array = new ArrayList<>(List.of(tokens.get(index)));
        while (result.size() > 1
                && result.getLast().isSymbol(".")
                && result.get(result.size() - 2).isName()) {
            array.addFirst(result.removeLast());
            array.addFirst(result.removeLast());
        }
        var end = Tokens.closing(tokens, index + 1);
        var place = rewrite(tokens.subList(index + 2, end));
        result.addAll(Tokens.of(first == 0 ? "list_extract( ? , 1 + ( ? ) )" : "list_extract( ? , ? )", array, place));
        return end + 1;
    }

    /** {@code pg_get_late_binding_view_cols() cols(view_schema name, …)}: names without their types. */
    private int lateBindingColumns(int index) {
        var at = Tokens.closing(tokens, index + 1) + 1;
        result.addAll(Tokens.of("late_binding_view_columns__( )"));
        at += wordAt(at, "AS") ? 1 : 0;
        if (at + 1 >= tokens.size() || !tokens.get(at).isName() || !symbolAt(at + 1, "(")) {
            return at;
        }
        result.addAll(Tokens.of("AS ? (", List.of(tokens.get(at))));
        var end = Tokens.closing(tokens, at + 1);
        for (var i = at + 2; i < end; i++) {
            var begins = symbolAt(i - 1, "(") || symbolAt(i - 1, ",");
            if (begins || symbolAt(i, ",")) {
                result.add(tokens.get(i));
            }
        }
        result.add(tokens.get(end));
        return end + 1;
    }

    /** {@code (current_schemas(false))[1]} and {@code array_upper(current_schemas(false), 1)} */
    private boolean isSubscripted(int index) {
        var end = Tokens.closing(tokens, index + 1);
        return symbolAt(end + 1, "[")
                || (symbolAt(end + 1, ")") && symbolAt(end + 2, "["))
                || (symbolAt(index - 1, "(") && (wordAt(index - 2, "ARRAY_UPPER") || wordAt(index - 2, "ANY")));
    }

    private boolean isInFrom(int index) {
        return wordAt(index - 1, "FROM") || wordAt(index - 1, "JOIN") || symbolAt(index - 1, ",");
    }

    private boolean isObjectType(int index) {
        return index < tokens.size() && OBJECT_TYPES.contains(tokens.get(index).keyword());
    }

    private boolean wordAt(int index, String keyword) {
        return index >= 0 && index < tokens.size() && tokens.get(index).is(keyword);
    }

    private boolean symbolAt(int index, String symbol) {
        return index >= 0 && index < tokens.size() && tokens.get(index).isSymbol(symbol);
    }
}
