package dev.groundplane.warehouse.sql;

import dev.groundplane.warehouse.sql.Token.Kind;
import java.util.List;
import java.util.Locale;

/** Navigation into one SUPER value, {@code orders[0].key}. */
final class SuperPath {
    private SuperPath() {}

    /** Where a name with all behind it ends; the index itself when no name is there. */
    static int end(List<Token> tokens, int index) {
        if (index >= tokens.size() || !tokens.get(index).isName()) {
            return index;
        }
        var at = index + 1;
        while (at + 1 < tokens.size()) {
            if (tokens.get(at).isSymbol(".") && tokens.get(at + 1).isName()) {
                at += 2;
            } else if (tokens.get(at).isSymbol("[")) {
                at = Tokens.closing(tokens, at) + 1;
            } else {
                break;
            }
        }
        return at;
    }

    /** How many tokens of a path name the column that it begins at: as far as it is no navigation. */
    private static int columnLength(List<Token> path, FromItems items) {
        var first = path.getFirst().name();
        if (items.isValue(first)) {
            return 1;
        }
        if (items.isTable(first)) {
            return Math.min(3, path.size());
        }
        // schema.table.column, and with a database before it
        for (var i = 2;
                i + 2 < path.size() && path.get(i).isName() && path.get(i - 1).isSymbol(".");
                i += 2) {
            if (items.isTable(path.get(i).name())) {
                return i + 3;
            }
        }
        return 1;
    }

    /** Whether a path leads into a value, and is not a column's name with those before it. */
    static boolean isNavigation(List<Token> path, FromItems items) {
        return columnLength(path, items) < path.size()
                || items.isValue(path.getFirst().name());
    }

    /** The table that the elements of an iteration are in. */
    static Token items(Token alias) {
        return Token.made(Kind.QUOTED_NAME, "\"" + alias.name() + "__items\"");
    }

    /** The path as a function of its column; as it is when there is none. */
    static List<Token> rewritten(List<Token> path, FromItems items) {
        if (path.isEmpty() || !path.getFirst().isName()) {
            return path;
        }
        var length = columnLength(path, items);
        var end = Math.min(length, path.size());
        var column = items.isValue(path.getFirst().name())
                ? Tokens.of("? . ?", List.of(items(path.getFirst())), path.subList(0, 1))
                : path.subList(0, end);
        var steps = new StringBuilder("$");
        for (var i = end; i < path.size(); i++) {
            var token = path.get(i);
            if (token.isName()) {
                steps.append(".\"").append(token.name().replace("\"", "\\\"")).append('"');
            } else if (token.kind() == Kind.NUMBER) {
                steps.append('[').append(token.text()).append(']');
            } else if (!token.isSymbol(".") && !token.isSymbol("[") && !token.isSymbol("]")) {
                throw SqlFailure.unsupported("an array's index that is no number, \"%s\","
                        .formatted(token.text().toLowerCase(Locale.ROOT)));
            }
        }
        return Tokens.of("super_at__( ? , ? )", column, Tokens.string(steps.toString()));
    }
}
