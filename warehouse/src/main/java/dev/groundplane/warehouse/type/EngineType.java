package dev.groundplane.warehouse.type;

import java.util.Locale;

/**
 * What a type of the engine is to clients.
 *
 * @param typeModifier see {@link dev.groundplane.pgwire.Column}
 */
public record EngineType(SqlType type, int typeModifier) {
    private static final int NO_MODIFIER = -1;
    /** Redshift's largest precision. */
    private static final int LARGEST_PRECISION = 38;

    /**
     * The type that the engine gives this name, as in {@code DECIMAL(18,4)} or {@code STRUCT(a INTEGER)[]}. Types that Redshift
     * does not have become those that hold their values.
     */
    public static EngineType of(String name) {
        if (name.startsWith("DECIMAL(")) {
            var comma = name.indexOf(',');
            return numeric(
                    Integer.parseInt(name.substring("DECIMAL(".length(), comma).strip()),
                    Integer.parseInt(
                            name.substring(comma + 1, name.length() - 1).strip()));
        }
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "BOOLEAN" -> plain(SqlType.BOOLEAN);
            case "TINYINT", "UTINYINT", "SMALLINT" -> plain(SqlType.SMALLINT);
            case "USMALLINT", "INTEGER" -> plain(SqlType.INTEGER);
            case "UINTEGER", "BIGINT" -> plain(SqlType.BIGINT);
            case "UBIGINT", "HUGEINT", "UHUGEINT", "BIGNUM" -> numeric(LARGEST_PRECISION, 0);
            case "FLOAT" -> plain(SqlType.REAL);
            case "DOUBLE" -> plain(SqlType.DOUBLE);
            case "DATE" -> plain(SqlType.DATE);
            case "TIME", "TIME_NS" -> plain(SqlType.TIME);
            case "TIME WITH TIME ZONE" -> plain(SqlType.TIMETZ);
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> plain(SqlType.TIMESTAMP);
            case "TIMESTAMP WITH TIME ZONE" -> plain(SqlType.TIMESTAMPTZ);
            case "INTERVAL" -> plain(SqlType.INTERVAL);
            case "BLOB", "BIT" -> plain(SqlType.VARBYTE);
            case "UUID" -> plain(SqlType.UUID);
            case "JSON", "VARIANT" -> plain(SqlType.SUPER);
            // An untyped NULL.
            case "NULL", "\"NULL\"" -> plain(SqlType.TEXT);
            default -> isNested(name) ? plain(SqlType.SUPER) : plain(SqlType.VARCHAR);
        };
    }

    private static boolean isNested(String name) {
        return name.endsWith("]") || name.startsWith("STRUCT(") || name.startsWith("MAP(") || name.startsWith("UNION(");
    }

    private static EngineType plain(SqlType type) {
        return new EngineType(type, NO_MODIFIER);
    }

    private static EngineType numeric(int precision, int scale) {
        return new EngineType(SqlType.NUMERIC, (precision << 16 | scale) + 4);
    }
}
