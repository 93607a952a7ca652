package dev.groundplane.warehouse.type;

import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.Names;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.math.BigDecimal;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The values that clients bind, as literals of the engine. A value whose type its client leaves open stands there as a string
 * without a cast, which takes on the type of its surroundings as PostgreSQL's parameters do; the engine's own parameters do
 * not.
 */
public final class ParameterLiteral {
    private ParameterLiteral() {}

    /**
     * One value.
     *
     * @param value null is SQL's NULL
     * @throws SqlFailure when it is not in the format of its type
     */
    public static String of(SqlType type, Format format, byte @Nullable [] value) {
        if (value == null) {
            return ofNull(type);
        }
        var text = format == Format.TEXT ? text(value) : binary(type, value);
        return type.isText() ? Names.literal(text) : cast(Names.literal(text), type);
    }

    /** A NULL of a type. */
    public static String ofNull(SqlType type) {
        return type.isText() ? "NULL" : cast("NULL", type);
    }

    private static String cast(String literal, SqlType type) {
        return switch (type) {
            // A text of any precision becomes a number of just that one.
            case NUMERIC -> literal.equals("NULL") ? "CAST(NULL AS DECIMAL(38, 10))" : number(literal);
            case BYTEA, VARBYTE -> literal.equals("NULL") ? "CAST(NULL AS BLOB)" : "unhex(%s)".formatted(hex(literal));
            // Drivers send a zone with a date, which PostgreSQL passes over.
            case DATE -> "CAST(%s AS DATE)".formatted(literal.replaceFirst("^('\\d{4}-\\d{2}-\\d{2}) .*$", "$1'"));
            default -> "CAST(%s AS %s)".formatted(literal, type.engineName());
        };
    }

    private static String number(String quoted) {
        var text = quoted.substring(1, quoted.length() - 1).strip();
        try {
            return new BigDecimal(text).toPlainString();
        } catch (NumberFormatException e) {
            throw invalid(SqlType.NUMERIC, text);
        }
    }

    private static String hex(String quoted) {
        return quoted.replace("\\x", "");
    }

    private static String text(byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw SqlFailure.of(
                    SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\" in a parameter");
        }
    }

    private static String binary(SqlType type, byte[] value) {
        var bytes = ByteBuffer.wrap(value);
        try {
            var text = decode(type, bytes);
            if (bytes.hasRemaining()) {
                throw incorrect(type, value.length);
            }
            return text;
        } catch (BufferUnderflowException | NumberFormatException | ArithmeticException | DateTimeException e) {
            throw incorrect(type, value.length);
        }
    }

    private static String decode(SqlType type, ByteBuffer bytes) {
        return switch (type) {
            case BOOLEAN -> bytes.get() == 0 ? "f" : "t";
            case SMALLINT -> Short.toString(bytes.getShort());
            case INTEGER -> Integer.toString(bytes.getInt());
            case OID -> Integer.toUnsignedString(bytes.getInt());
            case BIGINT -> Long.toString(bytes.getLong());
            case REAL -> Float.toString(bytes.getFloat());
            case DOUBLE -> Double.toString(bytes.getDouble());
            case NUMERIC -> BinaryNumeric.decode(bytes).toPlainString();
            case DATE ->
                LocalDate.ofEpochDay(BinaryValues.EPOCH_DAY + bytes.getInt()).toString();
            case TIME -> time(bytes.getLong());
            case TIMETZ ->
                LocalTime.ofNanoOfDay(bytes.getLong() * 1000)
                        .atOffset(ZoneOffset.ofTotalSeconds(-bytes.getInt()))
                        .toString();
            case TIMESTAMP -> timestamp(bytes.getLong()).toString();
            case TIMESTAMPTZ -> timestamp(bytes.getLong()) + "Z";
            case UUID -> new UUID(bytes.getLong(), bytes.getLong()).toString();
            case VARBYTE, BYTEA -> HexFormat.of().formatHex(remaining(bytes));
            case NAME, TEXT, UNKNOWN, CHAR, VARCHAR, SUPER -> text(remaining(bytes));
            case INTERVAL -> throw SqlFailure.unsupported("a parameter of type interval in binary format");
        };
    }

    private static String time(long micros) {
        return micros == BinaryValues.MICROS_PER_DAY
                ? TextValues.END_OF_DAY
                : LocalTime.ofNanoOfDay(Math.multiplyExact(micros, 1000L)).toString();
    }

    private static LocalDateTime timestamp(long micros) {
        return LocalDate.ofEpochDay(BinaryValues.EPOCH_DAY).atStartOfDay().plus(micros, ChronoUnit.MICROS);
    }

    private static byte[] remaining(ByteBuffer bytes) {
        var rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    private static SqlFailure invalid(SqlType type, String text) {
        return SqlFailure.of(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type %s: \"%s\"".formatted(type.name().toLowerCase(Locale.ROOT), text));
    }

    private static SqlFailure incorrect(SqlType type, int length) {
        return new SqlFailure(Report.error(
                SqlState.INVALID_BINARY_REPRESENTATION,
                "incorrect binary data format of %d bytes in a parameter of type %s"
                        .formatted(length, type.name().toLowerCase(Locale.ROOT))));
    }
}
