package dev.groundplane.warehouse.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an INSERT gives values of its own.
 *
 * @param columns as named; empty where none are, which means all in their order
 * @param defaults by their places: whether every row has DEFAULT there; empty when the rows come from a query
 */
public record InsertTarget(List<String> table, List<String> columns, List<Boolean> defaults) {
    /** The target of a statement; empty when it is no INSERT. */
    public static Optional<InsertTarget> of(Statement statement) {
        var reader = new TokenReader(statement.tokens());
        if (!reader.accept("INSERT", "INTO")) {
            return Optional.empty();
        }
        var table = reader.qualifiedName();
        var columns = reader.seesNames() ? reader.names() : List.<String>of();
        return Optional.of(new InsertTarget(table, columns, defaults(reader, columns)));
    }

    private static List<Boolean> defaults(TokenReader reader, List<String> columns) {
        if (reader.accept("DEFAULT", "VALUES")) {
            return columns.stream().map(column -> true).toList();
        }
        var defaults = new ArrayList<Boolean>();
        if (reader.accept("VALUES")) {
            do {
                row(reader.parenthesized(), defaults);
            } while (reader.accept(","));
        }
        return defaults;
    }

    /** Values are parted by commas that are in no further parentheses. */
    private static void row(List<Token> tokens, List<Boolean> defaults) {
        var place = 0;
        var depth = 0;
        var isDefault = !tokens.isEmpty() && tokens.getFirst().is("DEFAULT");
        for (var i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || (depth == 0 && tokens.get(i).isSymbol(","))) {
                if (place == defaults.size()) {
                    defaults.add(true);
                }
                defaults.set(place, defaults.get(place) && isDefault);
                place++;
                isDefault = i + 1 < tokens.size() && tokens.get(i + 1).is("DEFAULT");
            } else {
                depth += tokens.get(i).isSymbol("(") ? 1 : tokens.get(i).isSymbol(")") ? -1 : 0;
            }
        }
    }

    /** Whether a column gets a value that is not its default. */
    public boolean sets(String column, int place) {
        var at = columns.isEmpty() ? place : columns.indexOf(column);
        if (at < 0) {
            return false;
        }
        return defaults.isEmpty() || (at < defaults.size() && !defaults.get(at));
    }
}
