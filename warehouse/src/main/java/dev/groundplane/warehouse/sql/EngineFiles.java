package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.List;
import java.util.Set;

/**
 * Keeps clients' statements away from files: the engine may open those of the staging directory, for COPY and UNLOAD, and would
 * for everyone. So no name in a statement may lie there, and none that could be a file's may stand for a table.
 */
public final class EngineFiles {
    /** The staging directory's name, which no literal or name of a statement may have in it. */
    public static final String STAGING = "groundplane-staging";

    private static final Set<String> OF_FILES = Set.of("COPY", "UNLOAD");
    /** Statements with no query in them. */
    private static final Set<String> WITHOUT_QUERY =
            Set.of("ALTER", "COMMENT", "DROP", "GRANT", "RESET", "REVOKE", "SET", "SHOW", "TRUNCATE");

    private EngineFiles() {}

    /** @throws SqlFailure when a statement reaches for files */
    public static void check(Statement statement) {
        if (OF_FILES.contains(statement.verb())) {
            return; // their queries are looked at alone
        }
        for (var token : statement.tokens()) {
            switch (token.kind()) {
                case STRING -> check(token.string());
                case QUOTED_NAME -> check(token.name());
                case WORD, NUMBER, PARAMETER, SYMBOL -> {}
            }
        }
        var file = FileNames.find(query(statement));
        if (file.isPresent()) {
            throw SqlFailure.syntax(
                    "syntax error at or near \"%s\": it cannot be the name of a table here"
                            .formatted(file.get().text()),
                    file.get().start());
        }
    }

    /** What comes after the first AS of a definition, and other statements as they are. */
    private static List<Token> query(Statement statement) {
        var tokens = statement.tokens();
        if (WITHOUT_QUERY.contains(statement.verb())) {
            return List.of();
        }
        if (!statement.verb().equals("CREATE")) {
            return tokens;
        }
        var as = 0;
        while (as < tokens.size() && !tokens.get(as).is("AS")) {
            as++;
        }
        return tokens.subList(as, tokens.size());
    }

    /** @throws SqlFailure when a client's literal or name lies in the staging directory */
    public static void check(String text) {
        if (text.contains(STAGING)) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: %s is the warehouse's own".formatted(STAGING));
        }
    }
}
