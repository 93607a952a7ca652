package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers in the formats of {@code TO_CHAR} and {@code TO_NUMBER}: "Numeric format strings" in Redshift's reference. */
final class NumberFormat {
    private static final String[] ROMAN = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
    private static final int[] ROMAN_VALUES = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    private static final int LARGEST_ROMAN = 3999;

    private final String format;
    private final String upper;
    private final boolean fill;
    private final boolean brackets;
    private final boolean signInFormat;
    private final int whole;
    private final int scale;
    private final int shift;

    private NumberFormat(String format) {
        this.format = format;
        this.upper = format.toUpperCase(Locale.ROOT);
        this.fill = !upper.contains("FM");
        this.brackets = upper.contains("PR");
        this.signInFormat = upper.contains("S") || upper.contains("MI") || upper.contains("PL") || upper.contains("SG");
        var shiftAt = upper.indexOf('V');
        this.shift = shiftAt < 0 ? 0 : digits(upper.substring(shiftAt));
        var point = Math.max(upper.indexOf('D'), upper.indexOf('.'));
        this.whole = digits(point < 0 ? upper : upper.substring(0, point));
        this.scale = point < 0 ? 0 : digits(upper.substring(point));
    }

    private static int digits(String format) {
        return (int) format.chars().filter(c -> c == '9' || c == '0').count();
    }

    static String format(BigDecimal number, String format) {
        var stripped = format.strip();
        if (stripped.equalsIgnoreCase("RN") || stripped.equalsIgnoreCase("FMRN")) {
            var roman = roman(number.setScale(0, RoundingMode.HALF_UP).intValue());
            return stripped.endsWith("rn") ? roman.toLowerCase(Locale.ROOT) : roman;
        }
        return new NumberFormat(format).write(number);
    }

    private static String roman(int number) {
        if (number < 1 || number > LARGEST_ROMAN) {
            return "#".repeat(15);
        }
        var text = new StringBuilder();
        var left = number;
        for (var i = 0; i < ROMAN.length; i++) {
            for (; left >= ROMAN_VALUES[i]; left -= ROMAN_VALUES[i]) {
                text.append(ROMAN[i]);
            }
        }
        return text.toString();
    }

    private String write(BigDecimal number) {
        var value = number.movePointRight(shift).setScale(scale, RoundingMode.HALF_UP);
        var negative = value.signum() < 0;
        var plain = value.abs().unscaledValue().toString();
        var digits = "0".repeat(Math.max(0, scale + 1 - plain.length())) + plain;
        var wholeDigits = digits.substring(0, digits.length() - scale);
        if (wholeDigits.length() > whole && !wholeDigits.equals("0")) {
            return format.replaceAll("[0-9]", "#");
        }
        var text = body(wholeDigits, digits.substring(digits.length() - scale), negative);
        return fill ? text : text.strip();
    }

    /** The format's characters one by one, each digit in its place. */
    private String body(String wholeDigits, String fraction, boolean negative) {
        var text = new StringBuilder();
        var leading = whole - (wholeDigits.equals("0") && scale > 0 ? 0 : wholeDigits.length());
        var place = 0;
        var fractionPlace = 0;
        var afterPoint = false;
        var zeros = false;
        var started = false;
        for (var i = 0; i < upper.length(); i++) {
            var c = upper.charAt(i);
            switch (c) {
                case '0', '9' -> {
                    if (afterPoint) {
                        text.append(fraction.charAt(fractionPlace++));
                        continue;
                    }
                    zeros |= c == '0';
                    if (place < leading && !zeros) {
                        text.append(fill ? " " : "");
                    } else {
                        if (!started) {
                            start(text, negative);
                            started = true;
                        }
                        var index = place - (whole - wholeDigits.length());
                        text.append(index < 0 ? '0' : wholeDigits.charAt(index));
                    }
                    place++;
                }
                case 'G', ',' -> text.append(started ? "," : fill ? " " : "");
                case 'D', '.' -> {
                    if (!started) {
                        start(text, negative);
                        started = true;
                    }
                    afterPoint = true;
                    text.append('.');
                }
                case 'V' -> {}
                case 'L', '$', 'C' -> text.append('$');
                case 'S' -> {
                    text.append(upper.startsWith("SG", i) || !isSecondOf(i) ? negative ? "-" : "+" : "");
                    i += upper.startsWith("SG", i) ? 1 : 0;
                }
                case 'M' -> {
                    text.append(upper.startsWith("MI", i) ? negative ? "-" : fill ? " " : "" : "");
                    i++;
                }
                case 'F' -> i++;
                case 'P' -> {
                    text.append(upper.startsWith("PR", i) ? negative ? ">" : fill ? " " : "" : negative ? " " : "+");
                    i++;
                }
                default -> text.append(format.charAt(i));
            }
        }
        return text.toString();
    }

    private boolean isSecondOf(int index) {
        return upper.indexOf('S') != index;
    }

    /** What stands right before the first digit, in the place of a blank if there is one. */
    private void start(StringBuilder text, boolean negative) {
        if (signInFormat) {
            return;
        }
        var mark = brackets ? negative ? "<" : " " : negative ? "-" : " ";
        text.append(mark.equals(" ") && !fill ? "" : mark);
    }

    /** The number in a text of a format, or null when there is none in it. */
    static @Nullable String parse(String text, String format) {
        var digits = new StringBuilder();
        var negative = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            switch (c) {
                case '-', '<' -> negative = true;
                case '.' -> digits.append(c);
                default -> {
                    if (Character.isDigit(c)) {
                        digits.append(c);
                    }
                }
            }
        }
        try {
            var number = new BigDecimal(digits.toString()).movePointLeft(new NumberFormat(format).shift);
            return (negative ? number.negate() : number).toPlainString();
        } catch (NumberFormatException e) {
            throw new FunctionFailure(
                    SqlState.INVALID_TEXT_REPRESENTATION,
                    "\"%s\" is no number of the format \"%s\"".formatted(text, format));
        }
    }
}
