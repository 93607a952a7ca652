package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.List;
import java.util.Set;

/**
 * Keeps clients' statements away from files: the engine may open those of the staging directory, for COPY and UNLOAD, and would
 * for everyone. So its functions that read files are none for clients, and no name may lie there.
 */
public final class EngineFiles {
    /** The staging directory's name, which no literal or name of a statement may have in it. */
    public static final String STAGING = "groundplane-staging";

    private static final Set<String> FUNCTIONS = Set.of(
            "glob",
            "sniff_csv",
            "copy_database",
            "import_database",
            "duckdb_logs",
            "duckdb_logs_parsed");
    private static final Set<String> OF_FILES = Set.of("COPY", "UNLOAD");
    private static final List<String> PREFIXES = List.of("read_", "parquet_", "arrow_scan");
    private static final String RESOURCE = "external_resource";

    private EngineFiles() {}

    /** @throws SqlFailure when a statement reaches for files */
    public static void check(Statement statement) {
        if (OF_FILES.contains(statement.verb())) {
            return; // their queries are looked at alone
        }
        var tokens = statement.tokens();
        for (var i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            if (token.isName() && i + 1 < tokens.size() && tokens.get(i + 1).isSymbol("(") && isHidden(token.name())) {
                throw SqlFailure.of(
                        SqlState.UNDEFINED_FUNCTION, "function %s() does not exist".formatted(token.name()));
            }
            var follows =
                    i > 0 && (tokens.get(i - 1).is("FROM") || tokens.get(i - 1).is("JOIN"));
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

    /** @throws SqlFailure when a client's literal or name lies in the staging directory */
    public static void check(String text) {
        if (text.contains(STAGING)) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: %s is the warehouse's own".formatted(STAGING));
        }
    }

    private static boolean isHidden(String function) {
        return FUNCTIONS.contains(function)
                || function.contains(RESOURCE)
                || PREFIXES.stream().anyMatch(function::startsWith);
    }
}
