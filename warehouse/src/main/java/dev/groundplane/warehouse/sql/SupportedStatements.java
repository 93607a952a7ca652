package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which statements the engine gets. What is not Redshift's, or is and means something else to the engine, it does not. */
public final class SupportedStatements {
    private static final Set<String> VERBS = Set.of(
            "", // a query in parentheses
            "SELECT",
            "WITH",
            "VALUES",
            "TABLE",
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "CREATE",
            "ALTER",
            "DROP",
            "TRUNCATE",
            "EXPLAIN",
            "ANALYZE",
            "VACUUM");

    /** Redshift's other statements, and those of the engine's that it has none for. */
    private static final Set<String> OTHERS = Set.of(
            "ATTACH",
            "CALL",
            "CANCEL",
            "CHECKPOINT",
            "COMMENT",
            "COPY",
            "DESC",
            "DESCRIBE",
            "DETACH",
            "EXPORT",
            "GRANT",
            "IMPORT",
            "INSTALL",
            "LOAD",
            "LOCK",
            "PIVOT",
            "PRAGMA",
            "REFRESH",
            "REVOKE",
            "SHOW",
            "SUMMARIZE",
            "UNLOAD",
            "UNPIVOT",
            "USE");

    private static final Set<String> OBJECTS = Set.of("TABLE", "VIEW", "SCHEMA");
    private static final Set<String> BETWEEN = Set.of("OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL");

    private SupportedStatements() {}

    /** @throws SqlFailure that names the statement, when it is none of them */
    public static void check(Statement statement) {
        var verb = statement.verb();
        if (OTHERS.contains(verb)) {
            throw SqlFailure.unsupported(verb);
        }
        if (!VERBS.contains(verb)) {
            throw SqlFailure.syntax(
                    "syntax error at or near \"%s\""
                            .formatted(statement.tokens().getFirst().text()),
                    0);
        }
        if (List.of("CREATE", "ALTER", "DROP").contains(verb)) {
            var object = object(statement.tokens());
            if (!OBJECTS.contains(object)) {
                throw SqlFailure.unsupported((verb + " " + object).strip().toUpperCase(Locale.ROOT));
            }
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
