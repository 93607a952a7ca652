package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Dates and times in the forms that PostgreSQL reads, with month before day, as the engine reads them. What has another form stays
 * as it is: the engine says what is wrong with it.
 */
final class DateTimeLiteral {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Pattern COMPACT = Pattern.compile("^(\\d{4})(\\d{2})(\\d{2})(?!\\d)");
    private static final Pattern MONTH_FIRST = Pattern.compile("^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})(?!\\d)");
    private static final Pattern YEAR_FIRST = Pattern.compile("^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?!\\d)");
    private static final Pattern NAMED_FIRST = Pattern.compile("^([A-Za-z]{3,9})[ -](\\d{1,2}),?[ -](\\d{4})(?!\\d)");
    private static final Pattern NAMED_SECOND = Pattern.compile("^(\\d{1,2})[ -]([A-Za-z]{3,9})[ -](\\d{4})(?!\\d)");
    /** Abbreviations that PostgreSQL knows, and no data base of zones has. */
    private static final Map<String, String> ZONES = Map.ofEntries(
            Map.entry("pst", "-08"),
            Map.entry("pdt", "-07"),
            Map.entry("mst", "-07"),
            Map.entry("mdt", "-06"),
            Map.entry("cst", "-06"),
            Map.entry("cdt", "-05"),
            Map.entry("est", "-05"),
            Map.entry("edt", "-04"),
            Map.entry("gmt", "+00"),
            Map.entry("utc", "+00"),
            Map.entry("cet", "+01"),
            Map.entry("cest", "+02"),
            Map.entry("jst", "+09"));

    /** PostgreSQL has it behind the time, the engine behind the date. */
    private static final Pattern ERA = Pattern.compile("^(\\d{4}-\\d{2}-\\d{2})(.*) BC$");

    private static final Pattern ZONE = Pattern.compile(" ?([A-Za-z]{3,4})$");

    private DateTimeLiteral() {}

    /** A timestamp, with or without a zone. */
    static String timestamp(String text) {
        return zone(date(text));
    }

    /** A time of day, with or without a zone; a date before it is left out. */
    static String time(String text) {
        return zone(date(text).replaceFirst("^\\d{4}-\\d{2}-\\d{2} ", ""));
    }

    /** A date, perhaps with a time behind it. */
    static String date(String text) {
        var stripped = text.strip();
        var rewritten = replaced(stripped, COMPACT, found -> iso(found.group(1), found.group(2), found.group(3)));
        rewritten = replaced(rewritten, MONTH_FIRST, found -> iso(found.group(4), found.group(1), found.group(3)));
        rewritten = replaced(rewritten, YEAR_FIRST, found -> iso(found.group(1), found.group(3), found.group(4)));
        rewritten =
                replaced(rewritten, NAMED_FIRST, found -> named(found, found.group(1), found.group(3), found.group(2)));
        rewritten = replaced(
                rewritten, NAMED_SECOND, found -> named(found, found.group(2), found.group(3), found.group(1)));
        return replaced(rewritten, ERA, found -> found.group(1) + " (BC)" + found.group(2));
    }

    private interface Replacement {
        String of(MatchResult found);
    }

    private static String replaced(String text, Pattern pattern, Replacement replacement) {
        var matcher = pattern.matcher(text);
        return matcher.find() ? replacement.of(matcher) + text.substring(matcher.end()) : text;
    }

    private static String iso(String year, String month, String day) {
        return "%s-%02d-%02d".formatted(year, Integer.parseInt(month), Integer.parseInt(day));
    }

    private static String named(MatchResult found, String name, String year, String day) {
        var month = MONTHS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT));
        return month < 0 ? found.group() : iso(year, Integer.toString(month + 1), day);
    }

    private static String zone(String text) {
        var matcher = ZONE.matcher(text);
        var offset = matcher.find() ? ZONES.get(matcher.group(1).toLowerCase(Locale.ROOT)) : null;
        return offset == null ? text : text.substring(0, matcher.start()) + offset;
    }
}
