package dev.groundplane.warehouse.sql;

import java.util.List;

/** What CommandComplete says of a statement, as PostgreSQL does. */
public final class CommandTag {
    private CommandTag() {}

    /**
     * The tag of a statement.
     *
     * @param rows that it gave or changed; told of those statements only that have such
     */
    public static String of(Statement statement, long rows) {
        var verb = statement.verb();
        return switch (verb) {
            case "SELECT", "WITH", "VALUES", "TABLE", "" -> "SELECT " + rows;
            case "INSERT" -> "INSERT 0 " + rows;
            case "UPDATE", "DELETE", "MERGE" -> verb + " " + rows;
            case "CREATE", "ALTER", "DROP" -> objectCommand(verb, statement.tokens(), rows);
            default -> verb;
        };
    }

    private static String objectCommand(String verb, List<Token> tokens, long rows) {
        for (var token : tokens.subList(1, tokens.size())) {
            switch (token.keyword()) {
                case "OR", "REPLACE", "TEMP", "TEMPORARY", "LOCAL" -> {}
                case "TABLE" -> {
                    return verb.equals("CREATE") && isMadeOfQuery(tokens) ? "SELECT " + rows : verb + " TABLE";
                }
                default -> {
                    return verb + " " + token.keyword();
                }
            }
        }
        return verb;
    }

    /** {@code CREATE TABLE … AS SELECT …} */
    private static boolean isMadeOfQuery(List<Token> tokens) {
        var depth = 0;
        for (var token : tokens) {
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth == 0 && token.is("AS")) {
                return true;
            }
        }
        return false;
    }
}
