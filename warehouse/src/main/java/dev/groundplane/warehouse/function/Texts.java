package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Small functions of texts. */
public final class Texts {
    private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_][a-z0-9_$]*");

    private Texts() {}

    /** The first bytes of a text, as many as whole characters fit in. */
    public static String cut(String text, int bytes) {
        var length = 0;
        for (var i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            length += Character.toString(text.codePointAt(i)).getBytes(StandardCharsets.UTF_8).length;
            if (length > bytes) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    /** Words begin after everything that is neither letter nor digit. */
    static String initcap(String text) {
        var result = new StringBuilder(text.length());
        var begins = true;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            result.append(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
            begins = !Character.isLetterOrDigit(c);
        }
        return result.toString();
    }

    /** The number that a text begins with, as C's function of this name. */
    static String strtol(String text, String base) {
        var radix = Integer.parseInt(base);
        if (radix < 2 || radix > 36) {
            throw new FunctionFailure(
                    SqlState.INVALID_PARAMETER_VALUE, "base %d of STRTOL is not between 2 and 36".formatted(radix));
        }
        var digits = text.strip().toLowerCase(Locale.ROOT);
        var negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        if (radix == 16 && digits.startsWith("0x")) {
            digits = digits.substring(2);
        }
        var end = 0;
        while (end < digits.length() && Character.digit(digits.charAt(end), radix) >= 0) {
            end++;
        }
        if (end == 0 && !digits.isEmpty() && digits.charAt(0) != '\0') {
            throw new FunctionFailure(
                    SqlState.INVALID_TEXT_REPRESENTATION, "\"%s\" is no number of base %d".formatted(text, radix));
        }
        var number = end == 0 ? BigInteger.ZERO : new BigInteger(digits.substring(0, end), radix);
        if (number.bitLength() > Long.SIZE - 1) {
            throw new FunctionFailure(
                    SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "\"%s\" is out of range of a bigint".formatted(text));
        }
        return (negative ? number.negate() : number).toString();
    }

    /** In double quotes where a name needs them. */
    static String quoteIdent(String name) {
        return PLAIN_NAME.matcher(name).matches() ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** A number whose sign may stand at its end, as Teradata writes it. */
    static String numberAlt(String text) {
        var digits = text.strip();
        if (digits.endsWith("-") || digits.endsWith("+")) {
            digits = (digits.endsWith("-") ? "-" : "") + digits.substring(0, digits.length() - 1);
        }
        try {
            return new BigDecimal(digits).toPlainString();
        } catch (NumberFormatException e) {
            throw new FunctionFailure(SqlState.INVALID_TEXT_REPRESENTATION, "\"%s\" is no number".formatted(text));
        }
    }
}
