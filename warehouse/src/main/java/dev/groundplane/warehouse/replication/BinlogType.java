package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.DeclaredType;
import java.util.Optional;

/**
 * What a type of MariaDB or MySQL becomes. No value is lost but dates that are none, as 0000-00-00, which become NULL: types that the engine does
 * not have are kept as the text that the server writes.
 */
final class BinlogType {
    private static final int LARGEST_PRECISION = 38;

    private BinlogType() {}

    /**
     * The engine's type.
     *
     * @param keyed whether the column is one of the key, which cannot be NULL
     * @return empty for a type that is not known
     */
    static Optional<SourceType> of(DeclaredType type, boolean keyed) {
        if (type.isText()) {
            return Optional.of(SourceType.TEXT);
        } else if (type.isBinary()) {
            return Optional.of(new SourceType("BLOB", "unhex(%1$s)"));
        }
        return Optional.ofNullable(
                switch (type.name()) {
                    case "tinyint", "year" -> cast("SMALLINT");
                    case "smallint" -> cast(type.unsigned() ? "INTEGER" : "SMALLINT");
                    case "mediumint" -> cast("INTEGER");
                    case "int" -> cast(type.unsigned() ? "BIGINT" : "INTEGER");
                    case "bigint" -> cast(type.unsigned() ? "DECIMAL(20,0)" : "BIGINT");
                    case "decimal" ->
                        type.size() > LARGEST_PRECISION
                                ? SourceType.TEXT
                                : cast("DECIMAL(%d,%d)".formatted(type.size(), type.scale()));
                    case "float" -> cast("FLOAT");
                    case "double" -> cast("DOUBLE");
                    case "bit" -> type.size() == 1 ? cast("BOOLEAN") : SourceType.TEXT;
                    case "date" -> moment("DATE", "%1$s", keyed);
                    case "datetime" -> moment("TIMESTAMP", "%1$s", keyed);
                    case "timestamp" -> moment("TIMESTAMP WITH TIME ZONE", "(%1$s || '+00')", keyed);
                    case "json" -> new SourceType("JSON", "CAST(%1$s AS JSON)");
                    // A time may be negative, and longer than a day.
                    case "time", "enum", "set", "uuid", "inet4", "inet6" -> SourceType.TEXT;
                    default -> null;
                });
    }

    private static SourceType cast(String engineType) {
        return new SourceType(engineType, "CAST(%1$s AS " + engineType + ")");
    }

    private static SourceType moment(String engineType, String text, boolean keyed) {
        // A bare column of a file would be cast while that is read, which then fails.
        return new SourceType(
                engineType,
                keyed
                        ? "CAST(" + text + " AS " + engineType + ")"
                        : "TRY_CAST(nullif(" + text + ", '') AS " + engineType + ")");
    }
}
