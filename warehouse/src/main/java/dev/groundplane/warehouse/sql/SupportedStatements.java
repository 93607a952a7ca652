package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Set;

/** Which statements the engine gets. What is not Redshift's, or is and means something else to the engine, it does not. */
public final class SupportedStatements {
    private static final Set<String> VERBS = Set.of(
            "", // a query in parentheses
            "SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "EXPLAIN");

    /** Redshift's other statements, and those of the engine's that it has none for. */
    private static final Set<String> OTHERS = Set.of(
            "ALTER",
            "ATTACH",
            "CALL",
            "CHECKPOINT",
            "COPY",
            "CREATE",
            "DESC",
            "DESCRIBE",
            "DETACH",
            "DROP",
            "EXPORT",
            "GRANT",
            "IMPORT",
            "INSTALL",
            "LOAD",
            "LOCK",
            "PIVOT",
            "PRAGMA",
            "REVOKE",
            "SHOW",
            "SUMMARIZE",
            "UNLOAD",
            "UNPIVOT",
            "USE");

    private static final Set<String> OF_OBJECTS = Set.of("CREATE", "ALTER", "DROP");
    private static final Set<String> BETWEEN = Set.of("OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL");

    private SupportedStatements() {}

    /** @throws SqlFailure that names the statement, when it is none of them */
    public static void check(Statement statement) {
        var verb = statement.verb();
        if (CatalogQuery.isOne(statement)) {
            return;
        }
        if (OTHERS.contains(verb)) {
            var object = OF_OBJECTS.contains(verb) ? object(statement.tokens()) : "";
            throw SqlFailure.unsupported((verb + " " + object).strip());
        }
        if (!VERBS.contains(verb)) {
            throw SqlFailure.syntax(
                    "syntax error at or near \"%s\""
                            .formatted(statement.tokens().getFirst().text()),
                    0);
        }
    }

    private static String object(List<Token> tokens) {
        return tokens.stream()
                .skip(1)
                .map(Token::keyword)
                .filter(word -> !BETWEEN.contains(word))
                .findFirst()
                .orElse("");
    }
}
