package dev.groundplane.warehouse.load;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One format of Redshift's, as in {@code YYYY-MM-DD HH24:MI:SS}; a fraction of a second and an offset may follow. {@code
 * epochsecs} and {@code epochmillisecs} are numbers.
 */
record DateTimePattern(Pattern pattern, Optional<BigDecimal> millisPerUnit) {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    /** The longest first. */
    private static final List<Map.Entry<String, String>> PARTS = List.of(
            Map.entry("YYYY", "(?<year>\\d{4})"),
            Map.entry("HH24", "(?<hour>\\d{1,2})"),
            Map.entry("HH12", "(?<hour>\\d{1,2})"),
            Map.entry("MON", "(?<name>[A-Za-z]{3,9})"),
            Map.entry("YY", "(?<short>\\d{2})"),
            Map.entry("MM", "(?<month>\\d{1,2})"),
            Map.entry("DD", "(?<day>\\d{1,2})"),
            Map.entry("HH", "(?<hour>\\d{1,2})"),
            Map.entry("MI", "(?<minute>\\d{2})"),
            Map.entry("SS", "(?<second>\\d{2})(?:[.](?<fraction>\\d{1,9}))?"),
            Map.entry("AM", "(?<half>[AaPp][Mm])"),
            Map.entry("PM", "(?<half>[AaPp][Mm])"),
            Map.entry("OF", "(?<offset>Z|[+-]\\d{2}(?::?\\d{2})?)"),
            Map.entry("TZ", "(?<offset>Z|[+-]\\d{2}(?::?\\d{2})?)"));

    private static final String OFFSET = "(?: ?(?<offset>Z|UTC|[+-]\\d{2}(?::?\\d{2})?))?";

    /** @param zone empty where the value has none */
    record Parsed(LocalDateTime time, Optional<ZoneOffset> zone) {}

    /** @throws IllegalArgumentException when it is none */
    static DateTimePattern of(String format) {
        if (format.equalsIgnoreCase("epochsecs")) {
            return new DateTimePattern(Pattern.compile("-?\\d+([.]\\d+)?"), Optional.of(BigDecimal.valueOf(1000)));
        }
        if (format.equalsIgnoreCase("epochmillisecs")) {
            return new DateTimePattern(Pattern.compile("-?\\d+([.]\\d+)?"), Optional.of(BigDecimal.ONE));
        }
        var regex = new StringBuilder();
        for (var at = 0; at < format.length(); ) {
            var rest = format.substring(at).toUpperCase(Locale.ROOT);
            var part =
                    PARTS.stream().filter(one -> rest.startsWith(one.getKey())).findFirst();
            if (part.isPresent()) {
                regex.append(part.get().getValue());
                at += part.get().getKey().length();
            } else {
                var c = format.charAt(at++);
                if (Character.isLetterOrDigit(c) && c != 'T') {
                    throw new IllegalArgumentException("'%c' stands for no part of a date or time".formatted(c));
                }
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        if (regex.indexOf("<second>") >= 0 && regex.indexOf("<offset>") < 0) {
            regex.append(OFFSET);
        }
        return new DateTimePattern(Pattern.compile(regex.toString()), Optional.empty());
    }

    /**
     * A value in this format; empty when it is in another.
     *
     * @throws java.time.DateTimeException when there is no such moment
     */
    Optional<Parsed> parse(String value) {
        var matcher = pattern.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (millisPerUnit.isPresent()) {
            var millis = new BigDecimal(value).multiply(millisPerUnit.get()).longValue();
            return Optional.of(new Parsed(DateTimeFormats.ofEpochMillis(millis), Optional.of(ZoneOffset.UTC)));
        }
        var month = month(matcher);
        if (month == 0) {
            return Optional.empty();
        }
        var time = LocalDateTime.of(
                year(matcher),
                month,
                number(matcher, "day", 1),
                hour(matcher),
                number(matcher, "minute", 0),
                number(matcher, "second", 0),
                nanos(matcher));
        return Optional.of(new Parsed(time, zone(matcher)));
    }

    private boolean has(Matcher matcher, String group) {
        return pattern.namedGroups().containsKey(group) && matcher.group(group) != null;
    }

    private int number(Matcher matcher, String group, int otherwise) {
        return has(matcher, group) ? Integer.parseInt(matcher.group(group)) : otherwise;
    }

    /** Two digits are of 1970 to 2069, as PostgreSQL takes them. */
    private int year(Matcher matcher) {
        if (!has(matcher, "short")) {
            return number(matcher, "year", 1970);
        }
        var year = number(matcher, "short", 0);
        return year < 70 ? 2000 + year : 1900 + year;
    }

    private int month(Matcher matcher) {
        return has(matcher, "name")
                ? 1 + MONTHS.indexOf(matcher.group("name").substring(0, 3).toLowerCase(Locale.ROOT))
                : number(matcher, "month", 1);
    }

    private int hour(Matcher matcher) {
        var hour = number(matcher, "hour", 0);
        if (!has(matcher, "half")) {
            return hour;
        }
        return hour % 12 + (matcher.group("half").equalsIgnoreCase("pm") ? 12 : 0);
    }

    private int nanos(Matcher matcher) {
        return has(matcher, "fraction")
                ? Integer.parseInt((matcher.group("fraction") + "00000000").substring(0, 9))
                : 0;
    }

    private Optional<ZoneOffset> zone(Matcher matcher) {
        if (!has(matcher, "offset")) {
            return Optional.empty();
        }
        var text = matcher.group("offset");
        return Optional.of(text.equals("Z") || text.equals("UTC") ? ZoneOffset.UTC : ZoneOffset.of(text));
    }
}
