package dev.groundplane.warehouse.replication;

/**
 * What a type of the source becomes: of PostgreSQL here, of MariaDB and MySQL in {@link BinlogType}. No value is lost: types that the engine does not
 * have are kept as the text that the source writes.
 *
 * @param engineType the column's type in the engine
 * @param conversion makes a value of the source's text; {@code %1$s} stands for that
 */
record SourceType(String engineType, String conversion) {
    static final SourceType TEXT = new SourceType("VARCHAR", "%1$s");
    private static final SourceType JSON = new SourceType("JSON", "CAST(%1$s AS JSON)");
    /** A modifier is larger by the size of a header. */
    private static final int HEADER = 4;

    private static final int LARGEST_PRECISION = 38;
    private static final int SCALE_BITS = 11;

    /**
     * A type that every PostgreSQL has under this identifier; text for all others.
     *
     * @param modifier -1 for none
     */
    static SourceType of(int type, int modifier) {
        return switch (type) {
            case 16 -> cast("BOOLEAN");
            case 17 -> new SourceType("BLOB", "unhex(main.substring(%1$s, 3))");
            case 21 -> cast("SMALLINT");
            case 23 -> cast("INTEGER");
            case 20, 26 -> cast("BIGINT");
            case 700 -> cast("FLOAT");
            case 701 -> cast("DOUBLE");
            case 1082 -> moment("DATE");
            case 1083 -> cast("TIME");
            case 1114 -> moment("TIMESTAMP");
            case 1184 -> moment("TIMESTAMP WITH TIME ZONE");
            case 114, 3802 -> JSON;
            case 1700 -> numeric(modifier);
            default -> TEXT;
        };
    }

    private static SourceType cast(String engineType) {
        return new SourceType(engineType, "CAST(%1$s AS " + engineType + ")");
    }

    /** The two write years before Christ differently. */
    private static SourceType moment(String engineType) {
        return new SourceType(engineType, "CAST(replace(%1$s, ' BC', ' (BC)') AS " + engineType + ")");
    }

    private static SourceType numeric(int modifier) {
        if (modifier < HEADER) {
            return TEXT; // any number of digits
        }
        var precision = (modifier - HEADER) >> 16;
        var scale = (modifier - HEADER) << (Integer.SIZE - SCALE_BITS) >> (Integer.SIZE - SCALE_BITS);
        return precision > LARGEST_PRECISION || scale < 0 || scale > precision
                ? TEXT
                : cast("DECIMAL(%d,%d)".formatted(precision, scale));
    }

    /** An array of a type's values. */
    static SourceType arrayOf(int element) {
        var elements = switch (element) {
            case 16 -> "boolean";
            case 20, 21, 23, 26, 700, 701, 1700 -> "number";
            case 114, 3802 -> "json";
            default -> "text";
        };
        return new SourceType("JSON", "CAST(postgres_array_json(%1$s, '" + elements + "') AS JSON)");
    }

    /** @param text an expression of PostgreSQL's text */
    String value(String text) {
        return conversion.formatted(text);
    }
}
