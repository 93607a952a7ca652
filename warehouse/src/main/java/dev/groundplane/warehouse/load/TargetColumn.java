package dev.groundplane.warehouse.load;

import java.util.Locale;

/**
 * A column that rows are loaded into.
 *
 * @param engineType as in {@code DECIMAL(18,4)}
 * @param length of text in bytes
 * @param identity whether the table makes its values
 */
record TargetColumn(String name, String engineType, boolean nullable, int length, boolean identity) {
    /** What the values of a column are. */
    enum Kind {
        INTEGER,
        DECIMAL,
        FLOAT,
        BOOLEAN,
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ,
        TIME,
        SUPER,
        VARBYTE,
        TEXT
    }

    Kind kind() {
        return kind(engineType);
    }

    /** What values of an engine's type are. */
    static Kind kind(String engineType) {
        if (engineType.startsWith("DECIMAL")) {
            return Kind.DECIMAL;
        }
        return switch (engineType) {
            case "TINYINT",
                    "SMALLINT",
                    "INTEGER",
                    "BIGINT",
                    "HUGEINT",
                    "UTINYINT",
                    "USMALLINT",
                    "UINTEGER",
                    "UBIGINT" -> Kind.INTEGER;
            case "FLOAT", "DOUBLE" -> Kind.FLOAT;
            case "BOOLEAN" -> Kind.BOOLEAN;
            case "DATE" -> Kind.DATE;
            case "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" -> Kind.TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE" -> Kind.TIMESTAMPTZ;
            case "TIME", "TIME WITH TIME ZONE" -> Kind.TIME;
            case "BLOB" -> Kind.VARBYTE;
            case "JSON", "VARIANT" -> Kind.SUPER;
            default ->
                engineType.endsWith("]") || engineType.startsWith("STRUCT") || engineType.startsWith("MAP")
                        ? Kind.SUPER
                        : Kind.TEXT;
        };
    }

    /** Redshift's name for its type in error tables. */
    String typeName() {
        return switch (kind()) {
            case INTEGER -> engineType.equals("BIGINT") ? "int8" : engineType.equals("SMALLINT") ? "int2" : "int4";
            case DECIMAL -> "numeric";
            case FLOAT -> engineType.equals("FLOAT") ? "float4" : "float8";
            case BOOLEAN -> "bool";
            case DATE -> "date";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMPTZ -> "timestamptz";
            case TIME -> engineType.equals("TIME") ? "time" : "timetz";
            case SUPER -> "super";
            case VARBYTE -> "varbyte";
            case TEXT -> "varchar";
        };
    }

    /** The length as error tables have it; 0 where the type has none. */
    String lengthName() {
        return kind() == Kind.TEXT
                ? Integer.toString(length)
                : kind() == Kind.DECIMAL
                        ? engineType.substring(8, engineType.length() - 1).toLowerCase(Locale.ROOT)
                        : "0";
    }

    /** Digits after the point of a decimal. */
    int scale() {
        var comma = engineType.indexOf(',');
        return Integer.parseInt(
                engineType.substring(comma + 1, engineType.length() - 1).strip());
    }

    /** All digits of a decimal. */
    int precision() {
        return Integer.parseInt(engineType
                .substring(engineType.indexOf('(') + 1, engineType.indexOf(','))
                .strip());
    }
}
