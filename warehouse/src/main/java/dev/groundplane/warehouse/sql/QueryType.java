package dev.groundplane.warehouse.sql;

import java.util.Set;

/** What kind of statement one is, as {@code SYS_QUERY_HISTORY} tells. */
public enum QueryType {
    SELECT,
    INSERT,
    UPDATE,
    DELETE,
    MERGE,
    COPY,
    UNLOAD,
    CTAS,
    DDL,
    UTILITY,
    /** A statement that has a query in it, or runs one that was prepared. */
    OTHER;

    private static final Set<String> DEFINITIONS =
            Set.of("CREATE", "ALTER", "DROP", "TRUNCATE", "COMMENT", "GRANT", "REVOKE");

    /** The kind of a statement. */
    public static QueryType of(Statement statement) {
        var verb = statement.verb();
        return switch (verb) {
            case "", "SELECT", "WITH", "VALUES", "TABLE" -> SELECT;
            case "INSERT" -> INSERT;
            case "UPDATE" -> UPDATE;
            case "DELETE" -> DELETE;
            case "MERGE" -> MERGE;
            case "COPY" -> COPY;
            case "UNLOAD" -> UNLOAD;
            case "CREATE" -> CommandTag.of(statement, 0).startsWith("SELECT") ? CTAS : DDL;
            case "EXECUTE", "DECLARE", "REFRESH", "EXPLAIN" -> OTHER;
            default -> DEFINITIONS.contains(verb) ? DDL : UTILITY;
        };
    }

    /** Whether it reads or writes rows of tables, so that it is a query of {@code STL_QUERY}. */
    public boolean isQuery() {
        return switch (this) {
            case SELECT, INSERT, UPDATE, DELETE, MERGE, COPY, UNLOAD, CTAS, OTHER -> true;
            case DDL, UTILITY -> false;
        };
    }
}
