package dev.groundplane.warehouse.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.function.Texts;
import dev.groundplane.warehouse.sql.CopyConversion;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns fields into values, as text that the engine takes for the type of their column. For one thread. */
final class FieldConversion {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern TIME =
            Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?([+-]\\d{2}(:?\\d{2})?)?");
    private static final Pattern FLOAT = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})*");
    private static final Map<String, BigInteger> LARGEST = Map.of(
            "TINYINT", BigInteger.valueOf(Byte.MAX_VALUE),
            "SMALLINT", BigInteger.valueOf(Short.MAX_VALUE),
            "INTEGER", BigInteger.valueOf(Integer.MAX_VALUE),
            "BIGINT", BigInteger.valueOf(Long.MAX_VALUE));

    private final CopyConversion options;
    private final DateTimeFormats dates;
    private final DateTimeFormats timestamps;

    /** @throws dev.groundplane.warehouse.sql.SqlFailure when a format of dates or times is none */
    FieldConversion(CopyConversion options) {
        this.options = options;
        this.dates = DateTimeFormats.of(options.dateFormat(), false);
        this.timestamps = DateTimeFormats.of(options.timeFormat(), true);
    }

    /**
     * A field as its column's value.
     *
     * @param field each byte a character; null for no value
     * @return null for NULL
     * @throws BadField when it is none
     */
    @Nullable
    String convert(TargetColumn column, @Nullable String field) throws BadField {
        var value = field == null || field.equals(options.nullString()) ? null : notNull(column, field);
        if (value == null && !column.nullable()) {
            throw new BadField(FieldFault.MISSING_VALUE, "Missing data for not-null field");
        }
        return value;
    }

    private @Nullable String notNull(TargetColumn column, String field) throws BadField {
        if (column.kind() == TargetColumn.Kind.TEXT) {
            return text(column, field);
        }
        var value = field.strip();
        if (value.isEmpty()) {
            return null; // for other types than text, blank fields are NULL
        }
        return switch (column.kind()) {
            case INTEGER -> integer(column, value);
            case DECIMAL -> decimal(column, value);
            case FLOAT -> floating(column, value);
            case BOOLEAN -> bool(value);
            case DATE -> dates.date(value);
            case TIMESTAMP -> timestamps.timestamp(value, false);
            case TIMESTAMPTZ -> timestamps.timestamp(value, true);
            case TIME -> time(value);
            case SUPER -> json(value);
            case VARBYTE -> bytes(value);
            case TEXT -> throw new IllegalStateException("handled before");
        };
    }

    private @Nullable String text(TargetColumn column, String field) throws BadField {
        if (field.isEmpty()) {
            return options.emptyAsNull() ? null : field;
        }
        var bare = options.trimBlanks() || options.blanksAsNull() ? field.stripTrailing() : field;
        if (bare.isEmpty() && options.blanksAsNull()) {
            return null;
        }
        var text = Utf8.decode(options.trimBlanks() ? bare : field, options.replacement());
        var length = Utf8.length(text);
        if (length <= column.length()) {
            return text;
        }
        if (options.truncate()) {
            return Texts.cut(text, column.length());
        }
        throw new BadField(FieldFault.OUT_OF_RANGE, "String length exceeds DDL length");
    }

    private static String integer(TargetColumn column, String value) throws BadField {
        var digits = value.startsWith("-") || value.startsWith("+") ? 1 : 0;
        for (var i = digits; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                throw badDigit(value, i, "Integer");
            }
        }
        if (digits == value.length()) {
            throw badDigit(value, 0, "Integer");
        }
        var largest = LARGEST.get(column.engineType());
        var number = new BigInteger(value);
        if (largest != null
                && (number.compareTo(largest) > 0
                        || number.compareTo(largest.negate().subtract(BigInteger.ONE)) < 0)) {
            throw new BadField(
                    FieldFault.OUT_OF_RANGE, "Overflow for integer value %s, Type: Integer".formatted(value));
        }
        return number.toString();
    }

    private static BadField badDigit(String value, int position, String type) {
        return new BadField(
                FieldFault.BAD_DIGIT,
                "Invalid digit, Value '%c', Pos %d, Type: %s".formatted(value.charAt(position), position, type));
    }

    private String decimal(TargetColumn column, String value) throws BadField {
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && !(i == 0 && (c == '-' || c == '+'))) {
                throw badDigit(value, i, "Decimal");
            }
        }
        try {
            var number = new BigDecimal(value)
                    .setScale(column.scale(), options.round() ? RoundingMode.HALF_UP : RoundingMode.DOWN);
            if (number.precision() - number.scale() > column.precision() - column.scale()) {
                throw new BadField(
                        FieldFault.BAD_DECIMAL, "Overflow for %s, Type: Decimal".formatted(column.engineType()));
            }
            return number.toPlainString();
        } catch (NumberFormatException e) {
            throw new BadField(FieldFault.BAD_DECIMAL, "Invalid decimal value '%s'".formatted(value));
        }
    }

    private static String floating(TargetColumn column, String value) throws BadField {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "nan" -> "NaN";
            case "inf", "infinity", "+inf", "+infinity" -> "Infinity";
            case "-inf", "-infinity" -> "-Infinity";
            default -> finite(column, value);
        };
    }

    private static String finite(TargetColumn column, String value) throws BadField {
        if (!FLOAT.matcher(value).matches()) {
            throw new BadField(FieldFault.BAD_FLOAT, "Invalid digit, Value '%s', Type: Double".formatted(value));
        }
        var number = Double.parseDouble(value);
        var fits = column.engineType().equals("FLOAT") ? Float.isFinite((float) number) : Double.isFinite(number);
        if (!fits) {
            throw new BadField(
                    FieldFault.OUT_OF_RANGE, "Overflow for value %s, Type: %s".formatted(value, column.typeName()));
        }
        return Double.toString(number);
    }

    private static String bool(String value) throws BadField {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "t", "true", "y", "yes", "1" -> "true";
            case "f", "false", "n", "no", "0" -> "false";
            default -> throw new BadField(FieldFault.BAD_BOOLEAN, "Unknown boolean format '%s'".formatted(value));
        };
    }

    private static String time(String value) throws BadField {
        if (!TIME.matcher(value).matches()) {
            throw new BadField(
                    FieldFault.BAD_TIMESTAMP, "Invalid time format or value [HH24:MI:SS] '%s'".formatted(value));
        }
        return value.length() > 2 && value.charAt(1) == ':' ? "0" + value : value;
    }

    private String json(String value) throws BadField {
        try {
            var text = Utf8.decode(value, options.replacement());
            JSON.readTree(text);
            return text;
        } catch (JsonProcessingException e) {
            throw new BadField(FieldFault.BAD_JSON, "Invalid JSON: " + e.getOriginalMessage());
        }
    }

    private static String bytes(String value) throws BadField {
        if (!HEX.matcher(value).matches()) {
            throw new BadField(FieldFault.BAD_DIGIT, "Invalid hexadecimal digits for VARBYTE");
        }
        return HexFormat.of().formatHex(HexFormat.of().parseHex(value));
    }

    /** The engine's expression that makes a value of a column out of its text. */
    static String sql(TargetColumn column, String text) {
        return switch (column.kind()) {
            case TEXT -> text;
            case VARBYTE -> "unhex(%s)".formatted(text);
            default -> "CAST(%s AS %s)".formatted(text, column.engineType());
        };
    }
}
