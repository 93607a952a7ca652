package dev.groundplane.warehouse.sql;

import java.util.List;

/** {@code SELECT TOP n …} as {@code SELECT … LIMIT n}. */
final class Top {
    private final List<Token> tokens;
    private final List<String> pieces;

    /** @param pieces of the same positions as the tokens; changed in place */
    Top(List<Token> tokens, List<String> pieces) {
        this.tokens = tokens;
        this.pieces = pieces;
    }

    void apply() {
        for (var i = 0; i + 2 < tokens.size(); i++) {
            if (tokens.get(i).is("TOP") && follows(i) && tokens.get(i + 1).kind() == Token.Kind.NUMBER) {
                var last = lastOfQuery(i + 2);
                pieces.set(last, pieces.get(last) + " LIMIT " + pieces.get(i + 1));
                pieces.set(i, "");
                pieces.set(i + 1, "");
            }
        }
    }

    private boolean follows(int index) {
        if (index == 0) {
            return false;
        }
        var before = tokens.get(index - 1);
        return before.is("SELECT") || before.is("DISTINCT") || before.is("ALL");
    }

    /** The last token of the query that goes on here: before its closing parenthesis or the next set operation. */
    private int lastOfQuery(int from) {
        var depth = 0;
        for (var i = from; i < tokens.size(); i++) {
            var token = tokens.get(i);
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth < 0 || (depth == 0 && isSetOperation(token))) {
                return i - 1;
            }
        }
        return tokens.size() - 1;
    }

    private static boolean isSetOperation(Token token) {
        return token.is("UNION") || token.is("EXCEPT") || token.is("INTERSECT") || token.is("MINUS");
    }
}
