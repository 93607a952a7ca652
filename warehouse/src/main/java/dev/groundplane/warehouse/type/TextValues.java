package dev.groundplane.warehouse.type;

import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.warehouse.engine.EngineRows;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Values as PostgreSQL writes them in text, with DateStyle ISO. */
final class TextValues {
    private static final int FLOAT_DIGITS = 6;
    private static final int DOUBLE_DIGITS = 15;
    /** As PostgreSQL has it. */
    static final String END_OF_DAY = "24:00:00";

    private TextValues() {}

    static ColumnWriter writer(SqlType type) {
        return switch (type) {
            case BOOLEAN ->
                (row, column, output) -> {
                    var value = row.getBoolean(column);
                    ascii(row, column, value ? "t" : "f", output);
                };
            case SMALLINT ->
                (row, column, output) -> {
                    var value = row.getShort(column);
                    ascii(row, column, Short.toString(value), output);
                };
            case INTEGER ->
                (row, column, output) -> {
                    var value = row.getInt(column);
                    ascii(row, column, Integer.toString(value), output);
                };
            case BIGINT, OID ->
                (row, column, output) -> {
                    var value = row.getLong(column);
                    ascii(row, column, Long.toString(value), output);
                };
            case REAL ->
                (row, column, output) -> {
                    var value = row.getFloat(column);
                    ascii(row, column, floating(Float.toString(value), FLOAT_DIGITS), output);
                };
            case DOUBLE ->
                (row, column, output) -> {
                    var value = row.getDouble(column);
                    ascii(row, column, floating(Double.toString(value), DOUBLE_DIGITS), output);
                };
            case NUMERIC ->
                (row, column, output) -> {
                    var value = row.getBigDecimal(column);
                    asciiOrNull(value == null ? null : value.toPlainString(), output);
                };
            case DATE -> (row, column, output) -> asciiOrNull(date(row.getDate(column)), output);
            case TIME -> (row, column, output) -> asciiOrNull(time(row.getTime(column)), output);
            case TIMETZ ->
                (row, column, output) -> {
                    var value = row.getOffsetTime(column);
                    asciiOrNull(value == null ? null : time(value.toLocalTime()) + offset(value.getOffset()), output);
                };
            case TIMESTAMP -> (row, column, output) -> asciiOrNull(timestamp(row.getTimestamp(column)), output);
            case TIMESTAMPTZ ->
                (row, column, output) -> {
                    var value = row.getOffsetTimestamp(column);
                    asciiOrNull(
                            value == null ? null : timestamp(value.toLocalDateTime()) + offset(value.getOffset()),
                            output);
                };
            case VARBYTE, BYTEA ->
                (row, column, output) -> {
                    var value = row.getBytes(column);
                    asciiOrNull(value == null ? null : bytes(type, value), output);
                };
            case NAME, TEXT, UNKNOWN, CHAR, VARCHAR, INTERVAL, UUID, SUPER -> TextValues::text;
        };
    }

    /** As the engine writes it. */
    static void text(EngineRows row, int column, MessageOutput output) throws SQLException {
        var value = row.getString(column);
        if (value == null) {
            output.nullValue();
        } else {
            output.value(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void ascii(EngineRows row, int column, String text, MessageOutput output) throws SQLException {
        asciiOrNull(row.isNull(column) ? null : text, output);
    }

    private static void asciiOrNull(@Nullable String text, MessageOutput output) {
        if (text == null) {
            output.nullValue();
        } else {
            output.asciiValue(text);
        }
    }

    /** PostgreSQL writes whole numbers without a fraction, exponents with a sign, and those only of numbers with more digits. */
    static String floating(String java, int digits) {
        var text = java.endsWith(".0") ? java.substring(0, java.length() - 2) : java.replace(".0E", "E");
        var exponent = text.indexOf('E');
        if (exponent < 0) {
            return text;
        }
        var power = Integer.parseInt(text.substring(exponent + 1));
        if (power > -5 && power < digits) {
            return new BigDecimal(text).toPlainString();
        }
        return "%se%s%02d".formatted(text.substring(0, exponent), power < 0 ? "-" : "+", Math.abs(power));
    }

    private static @Nullable String date(@Nullable LocalDate date) {
        return date == null ? null : date.getYear() > 0 ? date.toString() : beforeChrist(date);
    }

    private static String beforeChrist(LocalDate date) {
        return "%04d-%02d-%02d BC".formatted(1 - date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    private static @Nullable String time(@Nullable Long micros) {
        if (micros == null) {
            return null;
        }
        return micros == BinaryValues.MICROS_PER_DAY ? END_OF_DAY : time(LocalTime.ofNanoOfDay(micros * 1000));
    }

    private static @Nullable String time(@Nullable LocalTime time) {
        if (time == null) {
            return null;
        }
        var micros = time.getNano() / 1000;
        var seconds = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
        return micros == 0 ? seconds : seconds + withoutZeros(".%06d".formatted(micros));
    }

    private static String withoutZeros(String fraction) {
        var end = fraction.length();
        while (fraction.charAt(end - 1) == '0') {
            end--;
        }
        return fraction.substring(0, end);
    }

    private static @Nullable String timestamp(@Nullable LocalDateTime timestamp) {
        return timestamp == null ? null : date(timestamp.toLocalDate()) + " " + time(timestamp.toLocalTime());
    }

    /** Hours, and minutes where they are not 0. */
    private static String offset(ZoneOffset offset) {
        var minutes = offset.getTotalSeconds() / 60;
        var hours = "%s%02d".formatted(minutes < 0 ? "-" : "+", Math.abs(minutes / 60));
        return minutes % 60 == 0 ? hours : hours + ":%02d".formatted(Math.abs(minutes % 60));
    }

    /** Redshift writes VARBYTE as hexadecimal digits; PostgreSQL's bytea has a mark before them. */
    private static String bytes(SqlType type, byte[] value) {
        var digits = HexFormat.of().formatHex(value);
        return type == SqlType.BYTEA ? "\\x" + digits : digits;
    }
}
