package dev.groundplane.warehouse.function;

import dev.groundplane.pgwire.SqlState;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;

/** Timestamps in texts of a format, as {@code TO_DATE} and {@code TO_TIMESTAMP} read them. For one text. */
final class DateTimeParser {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    private final String text;
    private int at;

    private int year = 1;
    private int month = 1;
    private int day = 1;
    private int dayOfYear;
    private int hour;
    private boolean afternoon;
    private boolean halfDay;
    private int minute;
    private int second;
    private int micros;

    private DateTimeParser(String text) {
        this.text = text;
    }

    /**
     * A timestamp in the engine's form.
     *
     * @param strict whether what is out of range is refused; otherwise it goes on in the next month, day or hour
     */
    static String parse(String text, String format, boolean strict) {
        var parser = new DateTimeParser(text);
        for (var piece : DateTimeField.pieces(format)) {
            var field = piece.field();
            if (field == null) {
                parser.skip(piece.text());
            } else {
                parser.read(field);
            }
        }
        return parser.result(strict);
    }

    /** A separator stands for any one, and may be missing. */
    private void skip(String separator) {
        for (var i = 0; i < separator.length() && at < text.length(); i++) {
            if (!Character.isLetterOrDigit(text.charAt(at)) || Character.isLetterOrDigit(separator.charAt(i))) {
                at++;
            }
        }
    }

    private void read(DateTimeField field) {
        switch (field) {
            case YEAR_COMMA, YEAR4, ISO_YEAR4 -> year = number(4);
            case YEAR3 -> year = 2000 + number(3);
            case YEAR2 -> year = century(number(2));
            case YEAR1 -> year = 2000 + number(1);
            case MONTH_NAME, MONTH_SHORT -> month = monthName();
            case MONTH -> month = number(2);
            case DAY -> day = number(2);
            case DAY_OF_YEAR -> dayOfYear = number(3);
            case DAY_NAME, DAY_SHORT -> word();
            case HOUR24 -> hour = number(2);
            case HOUR12 -> {
                hour = number(2);
                halfDay = true;
            }
            case MINUTE -> minute = number(2);
            case SECOND -> second = number(2);
            case MILLISECOND -> micros = fraction(3) * 1000;
            case MICROSECOND -> micros = fraction(6);
            case MERIDIEM, MERIDIEM_DOTS -> {
                afternoon = word().startsWith("P");
                halfDay = true;
            }
            case ERA, ERA_DOTS -> {
                if (word().startsWith("B")) {
                    year = 1 - year;
                }
            }
            default ->
                throw new FunctionFailure(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "format pattern %s of TO_DATE and TO_TIMESTAMP is not supported".formatted(field));
        }
    }

    private static int century(int year) {
        return year < 70 ? 2000 + year : 1900 + year;
    }

    private int number(int digits) {
        skipBlanks();
        var end = at;
        while (end < text.length() && end < at + digits && Character.isDigit(text.charAt(end))) {
            end++;
        }
        if (end == at) {
            throw new FunctionFailure(
                    SqlState.INVALID_DATETIME_FORMAT,
                    "\"%s\" has no number at position %d, where its format wants one".formatted(text, at + 1));
        }
        var number = Integer.parseInt(text.substring(at, end));
        at = end;
        return number;
    }

    /** Digits after the point: .5 are 500 milliseconds. */
    private int fraction(int digits) {
        var from = at;
        var number = number(digits);
        for (var i = at - from; i < digits; i++) {
            number *= 10;
        }
        return number;
    }

    private int monthName() {
        var word = word();
        var index = word.length() < 3 ? -1 : MONTHS.indexOf(word.substring(0, 3));
        if (index < 0) {
            throw new FunctionFailure(
                    SqlState.INVALID_DATETIME_FORMAT, "\"%s\" names no month in \"%s\"".formatted(word, text));
        }
        return index + 1;
    }

    private String word() {
        skipBlanks();
        var end = at;
        while (end < text.length() && (Character.isLetter(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        var word = text.substring(at, end).toUpperCase(Locale.ROOT);
        at = end;
        return word;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String result(boolean strict) {
        if (halfDay) {
            hour = hour % 12 + (afternoon ? 12 : 0);
        }
        if (strict) {
            requireRange(month >= 1 && month <= 12, "date", "%d-%d-%d".formatted(year, month, day));
            requireRange(
                    day >= 1 && day <= LocalDate.of(year, month, 1).lengthOfMonth(),
                    "date",
                    "%d-%d-%d".formatted(year, month, day));
            requireRange(hour < 24 && minute < 60 && second < 60, "time", "%d:%d:%d".formatted(hour, minute, second));
        }
        var date = LocalDate.of(year, 1, 1);
        date = dayOfYear > 0
                ? date.plusDays(dayOfYear - 1L)
                : date.plusMonths(month - 1L).plusDays(day - 1L);
        return engineText(date.atStartOfDay()
                .plusHours(hour)
                .plusMinutes(minute)
                .plusSeconds(second)
                .plusNanos(micros * 1000L));
    }

    private static void requireRange(boolean isInRange, String what, String value) {
        if (!isInRange) {
            throw new FunctionFailure(
                    SqlState.DATETIME_FIELD_OVERFLOW,
                    "date/time field %s value out of range: %s".formatted(what, value));
        }
    }

    private static String engineText(LocalDateTime value) {
        return "%s %s".formatted(value.toLocalDate(), value.toLocalTime());
    }
}
