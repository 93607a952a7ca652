package dev.groundplane.services.ecs;

import java.util.Arrays;
import java.util.Optional;

/** The comparison operators of a {@link ClusterQuery}, each with its symbol and its name. */
enum ClusterQueryOperator {
    EQUALS("==", "equals"),
    NOT_EQUALS("!=", "not_equals"),
    GREATER_THAN(">", "greater_than"),
    GREATER_THAN_EQUAL(">=", "greater_than_equal"),
    LESS_THAN("<", "less_than"),
    LESS_THAN_EQUAL("<=", "less_than_equal"),
    EXISTS("exists", "exists"),
    NOT_EXISTS("!exists", "not_exists"),
    IN("in", "in"),
    NOT_IN("!in", "not_in"),
    MATCHES("=~", "matches"),
    NOT_MATCHES("!~", "not_matches");

    private final String symbol;
    private final String word;

    ClusterQueryOperator(String symbol, String word) {
        this.symbol = symbol;
        this.word = word;
    }

    /** The operator that is written so, as a symbol or as a name. */
    static Optional<ClusterQueryOperator> written(String text) {
        return Arrays.stream(values())
                .filter(o -> o.symbol.equals(text) || o.word.equals(text))
                .findFirst();
    }

    /** Its shortest form, for error messages. */
    String symbol() {
        return symbol;
    }
}
