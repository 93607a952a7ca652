package dev.groundplane.warehouse.sql;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Intervals as Redshift writes them, {@code 1w, 1h, 1m, 1s} or {@code 0.5 days}. */
final class IntervalLiteral {
    private static final Pattern PART = Pattern.compile("\\s*([-+]?\\d+(?:\\.\\d+)?)\\s*([A-Za-z]+)\\s*,?");
    private static final Pattern CLOCK = Pattern.compile("\\s*(-?)(\\d+):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d+)?))?\\s*");
    private static final BigDecimal MICROS_PER_SECOND = BigDecimal.valueOf(1_000_000);
    private static final BigDecimal DAYS_PER_MONTH = BigDecimal.valueOf(30);
    private static final BigDecimal SECONDS_PER_DAY = BigDecimal.valueOf(86_400);

    private BigDecimal months = BigDecimal.ZERO;
    private BigDecimal days = BigDecimal.ZERO;
    private BigDecimal seconds = BigDecimal.ZERO;

    private IntervalLiteral() {}

    /**
     * An interval in the engine's form; empty when it is not one of Redshift's.
     *
     * @param unit of a number without one
     */
    static Optional<String> of(String text, String unit) {
        var interval = new IntervalLiteral();
        return interval.read(unit.isEmpty() ? text : text + " " + unit)
                ? Optional.of(interval.written())
                : Optional.empty();
    }

    private boolean read(String text) {
        var at = 0;
        var part = PART.matcher(text);
        while (part.find(at) && part.start() == at) {
            try {
                add(new BigDecimal(part.group(1)), DatePart.of(part.group(2)));
            } catch (SqlFailure unknownUnit) {
                return false;
            }
            at = part.end();
            if (at == text.length()) {
                return true;
            }
        }
        var clock = CLOCK.matcher(text).region(at, text.length());
        if (!clock.matches()) {
            return false;
        }
        var sum = new BigDecimal(clock.group(2))
                .multiply(BigDecimal.valueOf(3600))
                .add(new BigDecimal(clock.group(3)).multiply(BigDecimal.valueOf(60)))
                .add(clock.group(4) == null ? BigDecimal.ZERO : new BigDecimal(clock.group(4)));
        seconds = seconds.add(clock.group(1).isEmpty() ? sum : sum.negate());
        return true;
    }

    private void add(BigDecimal number, DatePart unit) {
        switch (unit) {
            case MILLENNIUM -> months(number, 12_000);
            case CENTURY -> months(number, 1200);
            case DECADE -> months(number, 120);
            case YEAR -> months(number, 12);
            case QUARTER -> months(number, 3);
            case MONTH -> months(number, 1);
            case WEEK -> days(number, 7);
            case DAY -> days(number, 1);
            case HOUR -> seconds(number, 3600);
            case MINUTE -> seconds(number, 60);
            case SECOND -> seconds(number, 1);
            case MILLISECOND -> seconds = seconds.add(number.movePointLeft(3));
            case MICROSECOND -> seconds = seconds.add(number.movePointLeft(6));
            case EPOCH, DOW, DOY, TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE -> DatePart.of("");
        }
    }

    /** A part of a month is so many days of thirty. */
    private void months(BigDecimal number, int each) {
        var all = number.multiply(BigDecimal.valueOf(each));
        var whole = new BigDecimal(all.toBigInteger());
        months = months.add(whole);
        days(all.subtract(whole).multiply(DAYS_PER_MONTH), 1);
    }

    private void days(BigDecimal number, int each) {
        var all = number.multiply(BigDecimal.valueOf(each));
        var whole = new BigDecimal(all.toBigInteger());
        days = days.add(whole);
        seconds = seconds.add(all.subtract(whole).multiply(SECONDS_PER_DAY));
    }

    private void seconds(BigDecimal number, int each) {
        seconds = seconds.add(number.multiply(BigDecimal.valueOf(each)));
    }

    private String written() {
        return "%s months %s days %s microseconds"
                .formatted(
                        months.toBigInteger(),
                        days.toBigInteger(),
                        seconds.multiply(MICROS_PER_SECOND).toBigInteger());
    }
}
