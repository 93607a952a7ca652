package dev.groundplane.warehouse.type;

import dev.groundplane.pgwire.MessageOutput;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values in PostgreSQL's binary formats, as the functions {@code *_send} of its source give them. */
final class BinaryValues {
    /** Dates and timestamps count from the beginning of the year 2000. */
    static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();

    static final long MICROS_PER_DAY = 86_400_000_000L;

    private BinaryValues() {}

    static ColumnWriter writer(SqlType type) {
        return switch (type) {
            case BOOLEAN ->
                (row, column, output) -> {
                    var value = row.getBoolean(column);
                    if (present(row, output)) {
                        output.int8Value(value ? 1 : 0);
                    }
                };
            case SMALLINT ->
                (row, column, output) -> {
                    var value = row.getShort(column);
                    if (present(row, output)) {
                        output.int16Value(value);
                    }
                };
            case INTEGER, OID ->
                (row, column, output) -> {
                    var value = row.getInt(column);
                    if (present(row, output)) {
                        output.int32Value(value);
                    }
                };
            case BIGINT ->
                (row, column, output) -> {
                    var value = row.getLong(column);
                    if (present(row, output)) {
                        output.int64Value(value);
                    }
                };
            case REAL ->
                (row, column, output) -> {
                    var value = row.getFloat(column);
                    if (present(row, output)) {
                        output.int32Value(Float.floatToIntBits(value));
                    }
                };
            case DOUBLE ->
                (row, column, output) -> {
                    var value = row.getDouble(column);
                    if (present(row, output)) {
                        output.int64Value(Double.doubleToLongBits(value));
                    }
                };
            case NUMERIC ->
                (row, column, output) -> {
                    BigDecimal value = row.getBigDecimal(column);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.value(BinaryNumeric.encode(value));
                    }
                };
            case DATE ->
                (row, column, output) -> {
                    var value = row.getObject(column, LocalDate.class);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.int32Value((int) (value.toEpochDay() - EPOCH_DAY));
                    }
                };
            case TIME ->
                (row, column, output) -> {
                    var micros = microsOfDay(row, column);
                    if (micros == null) {
                        output.nullValue();
                    } else {
                        output.int64Value(micros);
                    }
                };
            case TIMETZ ->
                (row, column, output) -> {
                    var value = row.getObject(column, OffsetTime.class);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.value(ByteBuffer.allocate(12)
                                .putLong(value.toLocalTime().toNanoOfDay() / 1000)
                                // Seconds west of Greenwich.
                                .putInt(-value.getOffset().getTotalSeconds())
                                .array());
                    }
                };
            case TIMESTAMP ->
                (row, column, output) -> {
                    var value = row.getObject(column, LocalDateTime.class);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.int64Value(micros(value));
                    }
                };
            case TIMESTAMPTZ ->
                (row, column, output) -> {
                    var value = row.getObject(column, OffsetDateTime.class);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.int64Value(micros(
                                value.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()));
                    }
                };
            case VARBYTE, BYTEA ->
                (row, column, output) -> {
                    var value = row.getBytes(column);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.value(value);
                    }
                };
            case UUID ->
                (row, column, output) -> {
                    var value = row.getObject(column, UUID.class);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.value(ByteBuffer.allocate(16)
                                .putLong(value.getMostSignificantBits())
                                .putLong(value.getLeastSignificantBits())
                                .array());
                    }
                };
            // An interval's binary format is Redshift's own; text is what its drivers read.
            case NAME, TEXT, UNKNOWN, CHAR, VARCHAR, INTERVAL, SUPER -> TextValues::text;
        };
    }

    private static boolean present(ResultSet row, MessageOutput output) throws SQLException {
        if (row.wasNull()) {
            output.nullValue();
            return false;
        }
        return true;
    }

    private static @Nullable Long microsOfDay(ResultSet row, int column) throws SQLException {
        try {
            var value = row.getObject(column, LocalTime.class);
            return value == null ? null : value.toNanoOfDay() / 1000;
        } catch (DateTimeException endOfDay) { // the only time of the engine's that is none of Java's
            return MICROS_PER_DAY;
        }
    }

    private static long micros(LocalDateTime timestamp) {
        return (timestamp.toLocalDate().toEpochDay() - EPOCH_DAY) * MICROS_PER_DAY
                + timestamp.toLocalTime().toNanoOfDay() / 1000;
    }
}
