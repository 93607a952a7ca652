package dev.groundplane.warehouse.sql;

import java.util.Locale;
import java.util.Optional;

/**
 * A column's type: what the engine keeps its values in, and how long they may be, which the engine keeps as a constraint.
 *
 * @param engineType as in {@code DECIMAL(18,4)}
 * @param length of values in bytes; 0 where the limit is NONE
 */
public record ColumnType(String engineType, Limit limit, int length) {
    /** What a length means. */
    public enum Limit {
        NONE,
        /** {@code CHAR(n)}: blanks at the end do not count. */
        CHARACTER,
        /** {@code VARCHAR(n)} */
        VARYING,
        /** {@code VARBYTE(n)} */
        BINARY
    }

    /** As Redshift's system views name it. */
    String name() {
        return switch (limit) {
            case CHARACTER -> "character(%d)".formatted(length);
            case VARYING -> "character varying(%d)".formatted(length);
            case BINARY -> "binary varying(%d)".formatted(length);
            case NONE ->
                switch (engineType) {
                    case "FLOAT" -> "real";
                    case "DOUBLE" -> "double precision";
                    case "JSON" -> "super";
                    case "TIME" -> "time without time zone";
                    case "TIMETZ" -> "time with time zone";
                    case "TIMESTAMP" -> "timestamp without time zone";
                    case "TIMESTAMPTZ" -> "timestamp with time zone";
                    default -> engineType.toLowerCase(Locale.ROOT).replace("decimal", "numeric");
                };
        };
    }

    /** A type whose values need no other limit than the engine's own. */
    static ColumnType of(String engineType) {
        return new ColumnType(engineType, Limit.NONE, 0);
    }

    /**
     * The constraint that holds values to their length; empty where there is none. The system view {@code column_limits} and
     * the error for values that are too long know it by its form.
     *
     * @param column its name in quotes
     */
    public Optional<String> check(String column) {
        return switch (limit) {
            case NONE -> Optional.empty();
            case CHARACTER -> Optional.of("strlen(rtrim(%s, ' ')) <= %d".formatted(column, length));
            case VARYING -> Optional.of("strlen(%s) <= %d".formatted(column, length));
            case BINARY -> Optional.of("octet_length(%s) <= %d".formatted(column, length));
        };
    }
}
