package dev.groundplane.warehouse.function;

import java.time.OffsetDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.JulianFields;
import java.util.List;
import java.util.Locale;

/** Dates and timestamps in the formats of {@code TO_CHAR}. */
final class DateTimeFormat {
    private static final List<String> ROMAN =
            List.of("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII");
    private static final int LONGEST_NAME = 9;

    private final OffsetDateTime value;

    private DateTimeFormat(OffsetDateTime value) {
        this.value = value;
    }

    static String format(OffsetDateTime value, String format) {
        var writer = new DateTimeFormat(value);
        var text = new StringBuilder();
        for (var piece : DateTimeField.pieces(format)) {
            var field = piece.field();
            text.append(field == null ? piece.text() : writer.written(field, piece));
        }
        return text.toString();
    }

    private String written(DateTimeField field, DateTimeField.Piece piece) {
        return switch (field) {
            case YEAR_COMMA -> "%d,%03d".formatted(year() / 1000, year() % 1000);
            case YEAR4 -> number(year(), 4, piece);
            case YEAR3 -> number(year() % 1000, 3, piece);
            case YEAR2 -> number(year() % 100, 2, piece);
            case YEAR1 -> number(year() % 10, 1, piece);
            case ISO_YEAR4 -> number(isoYear(), 4, piece);
            case ISO_YEAR3 -> number(isoYear() % 1000, 3, piece);
            case ISO_YEAR2 -> number(isoYear() % 100, 2, piece);
            case ISO_YEAR1 -> number(isoYear() % 10, 1, piece);
            case ERA_DOTS -> piece.inCaseOf(value.getYear() > 0 ? "A.D." : "B.C.");
            case ERA -> piece.inCaseOf(value.getYear() > 0 ? "AD" : "BC");
            case CENTURY -> number((year() + 99) / 100, 2, piece);
            case QUARTER -> number(value.get(IsoFields.QUARTER_OF_YEAR), 1, piece);
            case MONTH_NAME -> name(value.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH), piece);
            case MONTH_SHORT -> piece.inCaseOf(value.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case MONTH -> number(value.getMonthValue(), 2, piece);
            case MONTH_ROMAN -> piece.inCaseOf(ROMAN.get(value.getMonthValue() - 1));
            case WEEK_OF_YEAR -> number((value.getDayOfYear() - 1) / 7 + 1, 2, piece);
            case ISO_WEEK -> number(value.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, piece);
            case WEEK_OF_MONTH -> number((value.getDayOfMonth() - 1) / 7 + 1, 1, piece);
            case DAY_NAME -> name(value.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH), piece);
            case DAY_SHORT -> piece.inCaseOf(value.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case ISO_DAY_OF_YEAR -> number(7 * (value.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR) - 1) + isoDay(), 3, piece);
            case DAY_OF_YEAR -> number(value.getDayOfYear(), 3, piece);
            case DAY -> number(value.getDayOfMonth(), 2, piece);
            case ISO_DAY_OF_WEEK -> number(isoDay(), 1, piece);
            case DAY_OF_WEEK -> number(isoDay() % 7 + 1, 1, piece);
            case JULIAN_DAY -> Long.toString(value.getLong(JulianFields.JULIAN_DAY));
            case HOUR24 -> number(value.getHour(), 2, piece);
            case HOUR12 -> number(value.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, piece);
            case MINUTE -> number(value.getMinute(), 2, piece);
            case SECOND_OF_DAY -> Integer.toString(value.toLocalTime().toSecondOfDay());
            case SECOND -> number(value.getSecond(), 2, piece);
            case MILLISECOND -> number(value.getNano() / 1_000_000, 3, piece);
            case MICROSECOND -> number(value.getNano() / 1000, 6, piece);
            case MERIDIEM_DOTS -> piece.inCaseOf(value.getHour() < 12 ? "A.M." : "P.M.");
            case MERIDIEM -> piece.inCaseOf(value.getHour() < 12 ? "AM" : "PM");
            case ZONE -> piece.inCaseOf(value.getOffset().getTotalSeconds() == 0 ? "UTC" : offset());
            case OFFSET -> offset();
        };
    }

    private String offset() {
        var minutes = value.getOffset().getTotalSeconds() / 60;
        var hours = "%s%02d".formatted(minutes < 0 ? "-" : "+", Math.abs(minutes) / 60);
        return minutes % 60 == 0 ? hours : hours + ":%02d".formatted(Math.abs(minutes) % 60);
    }

    private int year() {
        return value.get(ChronoField.YEAR_OF_ERA);
    }

    private int isoYear() {
        return value.get(IsoFields.WEEK_BASED_YEAR);
    }

    /** Monday is 1. */
    private int isoDay() {
        return value.getDayOfWeek().getValue();
    }

    private static String number(int number, int digits, DateTimeField.Piece piece) {
        var text = piece.fill() ? ("%0" + digits + "d").formatted(number) : Integer.toString(number);
        return piece.ordinal().isEmpty()
                ? text
                : text + (piece.ordinal().equals("TH") ? ordinal(number).toUpperCase(Locale.ROOT) : ordinal(number));
    }

    private static String ordinal(int number) {
        if (number / 10 % 10 == 1) {
            return "th";
        }
        return switch (number % 10) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        };
    }

    private static String name(String name, DateTimeField.Piece piece) {
        var text = piece.inCaseOf(name);
        return piece.fill() ? text + " ".repeat(LONGEST_NAME - text.length()) : text;
    }
}
