package dev.groundplane.warehouse.type;

import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.warehouse.engine.EngineRows;
import java.math.BigDecimal;
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

    private static final int MICROS_DIGITS = 6;
    /** Numbers of so many digits are a long's. */
    private static final int LONG_DIGITS = 18;
    /** The powers of ten up to that. */
    private static final long[] UNITS = units();

    private TextValues() {}

    private static long[] units() {
        var units = new long[LONG_DIGITS + 1];
        units[0] = 1;
        for (var i = 1; i < units.length; i++) {
            units[i] = 10 * units[i - 1];
        }
        return units;
    }

    static ColumnWriter writer(SqlType type) {
        return switch (type) {
            case BOOLEAN ->
                (row, column, output) -> {
                    var value = row.getBoolean(column);
                    textOrNull(row.isNull(column) ? null : value ? "t" : "f", output);
                };
            case SMALLINT -> (row, column, output) -> number(row, column, row.getShort(column), output);
            case INTEGER -> (row, column, output) -> number(row, column, row.getInt(column), output);
            case BIGINT, OID -> (row, column, output) -> number(row, column, row.getLong(column), output);
            case REAL ->
                (row, column, output) -> {
                    var value = row.getFloat(column);
                    textOrNull(row.isNull(column) ? null : floating(Float.toString(value), FLOAT_DIGITS), output);
                };
            case DOUBLE ->
                (row, column, output) -> {
                    var value = row.getDouble(column);
                    textOrNull(row.isNull(column) ? null : floating(Double.toString(value), DOUBLE_DIGITS), output);
                };
            case NUMERIC ->
                (row, column, output) -> {
                    var value = row.getBigDecimal(column);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        decimal(value, output);
                    }
                };
            case DATE ->
                (row, column, output) -> {
                    var value = row.getDate(column);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.beginText();
                        date(value, output);
                        era(value, output);
                        output.endText();
                    }
                };
            case TIME ->
                (row, column, output) -> {
                    var micros = row.getTime(column);
                    if (micros == null) {
                        output.nullValue();
                    } else if (micros == BinaryValues.MICROS_PER_DAY) {
                        output.textValue(END_OF_DAY);
                    } else {
                        output.beginText();
                        time(LocalTime.ofNanoOfDay(micros * 1000), output);
                        output.endText();
                    }
                };
            case TIMETZ ->
                (row, column, output) -> {
                    var value = row.getOffsetTime(column);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.beginText();
                        time(value.toLocalTime(), output);
                        offset(value.getOffset(), output);
                        output.endText();
                    }
                };
            case TIMESTAMP ->
                (row, column, output) -> {
                    var value = row.getTimestamp(column);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.beginText();
                        timestamp(value, output);
                        era(value.toLocalDate(), output);
                        output.endText();
                    }
                };
            case TIMESTAMPTZ ->
                (row, column, output) -> {
                    var value = row.getOffsetTimestamp(column);
                    if (value == null) {
                        output.nullValue();
                    } else {
                        output.beginText();
                        timestamp(value.toLocalDateTime(), output);
                        offset(value.getOffset(), output);
                        era(value.toLocalDate(), output);
                        output.endText();
                    }
                };
            case VARBYTE, BYTEA ->
                (row, column, output) -> {
                    var value = row.getBytes(column);
                    textOrNull(value == null ? null : bytes(type, value), output);
                };
            case NAME, TEXT, UNKNOWN, CHAR, VARCHAR, INTERVAL, UUID, SUPER -> TextValues::text;
        };
    }

    /** As the engine writes it. */
    static void text(EngineRows row, int column, MessageOutput output) throws SQLException {
        textOrNull(row.getString(column), output);
    }

    private static void textOrNull(@Nullable String text, MessageOutput output) {
        if (text == null) {
            output.nullValue();
        } else {
            output.textValue(text);
        }
    }

    private static void number(EngineRows row, int column, long value, MessageOutput output) throws SQLException {
        if (row.isNull(column)) {
            output.nullValue();
        } else {
            output.beginText();
            output.number(value);
            output.endText();
        }
    }

    /** Without an exponent. */
    static void decimal(BigDecimal value, MessageOutput output) {
        if (value.precision() > LONG_DIGITS || value.scale() < 0 || value.scale() > LONG_DIGITS) {
            output.textValue(value.toPlainString());
            return;
        }
        var unscaled = value.scaleByPowerOfTen(value.scale()).longValue(); // makes no BigInteger
        var unit = UNITS[value.scale()];
        output.beginText();
        if (unscaled < 0) {
            output.character('-');
        }
        output.digits(Math.abs(unscaled / unit), 1);
        if (value.scale() > 0) {
            output.character('.');
            output.digits(Math.abs(unscaled % unit), value.scale());
        }
        output.endText();
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

    /** Years before the first one are counted backwards, and told by {@link #era}. */
    private static void date(LocalDate date, MessageOutput output) {
        output.digits(date.getYear() > 0 ? date.getYear() : 1 - date.getYear(), 4);
        output.character('-');
        output.digits(date.getMonthValue(), 2);
        output.character('-');
        output.digits(date.getDayOfMonth(), 2);
    }

    /** At the end of all, as PostgreSQL has it. */
    private static void era(LocalDate date, MessageOutput output) {
        if (date.getYear() <= 0) {
            output.character(' ');
            output.character('B');
            output.character('C');
        }
    }

    private static void time(LocalTime time, MessageOutput output) {
        output.digits(time.getHour(), 2);
        output.character(':');
        output.digits(time.getMinute(), 2);
        output.character(':');
        output.digits(time.getSecond(), 2);
        var fraction = time.getNano() / 1000;
        if (fraction == 0) {
            return;
        }
        var digits = MICROS_DIGITS;
        while (fraction % 10 == 0) {
            fraction /= 10;
            digits--;
        }
        output.character('.');
        output.digits(fraction, digits);
    }

    private static void timestamp(LocalDateTime timestamp, MessageOutput output) {
        date(timestamp.toLocalDate(), output);
        output.character(' ');
        time(timestamp.toLocalTime(), output);
    }

    /** Hours, and minutes where they are not 0. */
    private static void offset(ZoneOffset offset, MessageOutput output) {
        var minutes = Math.abs(offset.getTotalSeconds() / 60);
        output.character(offset.getTotalSeconds() < 0 ? '-' : '+');
        output.digits(minutes / 60, 2);
        if (minutes % 60 != 0) {
            output.character(':');
            output.digits(minutes % 60, 2);
        }
    }

    /** Redshift writes VARBYTE as hexadecimal digits; PostgreSQL's bytea has a mark before them. */
    private static String bytes(SqlType type, byte[] value) {
        var digits = HexFormat.of().formatHex(value);
        return type == SqlType.BYTEA ? "\\x" + digits : digits;
    }
}
