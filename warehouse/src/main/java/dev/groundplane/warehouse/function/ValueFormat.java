package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/** {@code TO_CHAR} of values of all types. */
final class ValueFormat {
    /** As the engine writes timestamps, with or without an offset. */
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalStart()
            .appendOffset("+HH:mm", "+00")
            .optionalEnd()
            .toFormatter();

    private ValueFormat() {}

    /**
     * A value in a format.
     *
     * @param type the engine's name of its type
     * @param value as the engine writes it
     */
    static String format(String type, String value, String format) {
        return switch (type) {
            case "DATE" ->
                DateTimeFormat.format(LocalDate.parse(value).atStartOfDay().atOffset(ZoneOffset.UTC), format);
            case "TIMESTAMP" ->
                DateTimeFormat.format(LocalDateTime.parse(value, TIMESTAMP).atOffset(ZoneOffset.UTC), format);
            case "TIMESTAMP WITH TIME ZONE" -> DateTimeFormat.format(OffsetDateTime.parse(value, TIMESTAMP), format);
            default -> number(type, value, format);
        };
    }

    private static String number(String type, String value, String format) {
        try {
            return NumberFormat.format(new BigDecimal(value), format);
        } catch (NumberFormatException e) {
            throw new FunctionFailure(
                    SqlState.UNDEFINED_FUNCTION, "TO_CHAR of a value of type %s is not supported".formatted(type));
        }
    }
}
