package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.List;
import java.util.Set;

/**
 * Keeps clients' statements away from files: the engine may open those of the staging directory, for COPY and UNLOAD, and would
 * for everyone. So no name in a statement may lie there, and no text may stand for a table.
 */
public final class EngineFiles {
    /** The staging directory's name, which no literal or name of a statement may have in it. */
    public static final String STAGING = "groundplane-staging";

    private static final Set<String> OF_FILES = Set.of("COPY", "UNLOAD");
    private static final Set<String> WITH_FROM = Set.of("TRIM", "EXTRACT", "SUBSTRING", "OVERLAY");

    private EngineFiles() {}

    /** @throws SqlFailure when a statement reaches for files */
    public static void check(Statement statement) {
        if (OF_FILES.contains(statement.verb())) {
            return; // their queries are looked at alone
        }
        var tokens = statement.tokens();
        for (var i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            var follows = i > 0
                    && (tokens.get(i - 1).is("JOIN") || (tokens.get(i - 1).is("FROM") && !isOfFunction(tokens, i - 1)));
            if (token.kind() == Token.Kind.STRING) {
                check(token.string());
                if (follows) { // the engine would take it for a file's name
                    throw SqlFailure.syntax("syntax error at or near \"%s\"".formatted(token.text()), token.start());
                }
            } else if (token.kind() == Token.Kind.QUOTED_NAME) {
                check(token.name());
            }
        }
    }

    /** {@code trim('x' FROM 'xy')}: whether a FROM stands in a function's parentheses. */
    private static boolean isOfFunction(List<Token> tokens, int from) {
        var depth = 0;
        for (var i = from - 1; i > 0; i--) {
            depth += tokens.get(i).isSymbol(")") ? 1 : tokens.get(i).isSymbol("(") ? -1 : 0;
            if (depth < 0) {
                return WITH_FROM.contains(tokens.get(i - 1).keyword());
            }
        }
        return false;
    }

    /** @throws SqlFailure when a client's literal or name lies in the staging directory */
    public static void check(String text) {
        if (text.contains(STAGING)) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: %s is the warehouse's own".formatted(STAGING));
        }
    }
}
