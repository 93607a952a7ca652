package dev.groundplane.warehouse.load;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Dates and times as files have them. Source: Redshift's "DATEFORMAT and TIMEFORMAT strings" and "Using automatic recognition with
 * DATEFORMAT and TIMEFORMAT".
 */
final class DateTimeFormats {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd");
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
    private static final List<String> TIMES = List.of(
            "", " HH24:MI:SS", "THH24:MI:SS", " HH24:MI", "THH24:MI", " HH12:MI:SS AM", " HH12:MI AM", " HH24MISS");
    private static final List<String> DATES = List.of(
            "YYYY-MM-DD",
            "YYYY/MM/DD",
            "YYYY.MM.DD",
            "YYYYMMDD",
            "MM/DD/YYYY",
            "MM-DD-YYYY",
            "MM.DD.YYYY",
            "DD-MON-YYYY",
            "DD MON YYYY",
            "MON-DD-YYYY",
            "MON DD, YYYY",
            "YYYY-MON-DD");
    private static final List<String> STANDARD_TIMESTAMPS =
            List.of("YYYY-MM-DD HH24:MI:SS", "YYYY-MM-DDTHH24:MI:SS", "YYYY-MM-DD HH24:MI", "YYYY-MM-DD");

    private final List<DateTimePattern> patterns;
    private final String right;

    private DateTimeFormats(List<String> formats, String right) {
        this.patterns = formats.stream().map(DateTimePattern::of).toList();
        this.right = right;
    }

    /**
     * The formats that an option means.
     *
     * @param option empty for the default; {@code auto} for all that are known
     * @param hasTime whether it is one of timestamps
     * @throws SqlFailure when it is none
     */
    static DateTimeFormats of(Optional<String> option, boolean hasTime) {
        var name = option.orElse("");
        if (name.isEmpty()) {
            return hasTime
                    ? new DateTimeFormats(STANDARD_TIMESTAMPS, "YYYY-MM-DD HH24:MI:SS")
                    : new DateTimeFormats(List.of("YYYY-MM-DD", "YYYY/MM/DD"), "YYYY-MM-DD");
        }
        if (name.equalsIgnoreCase("auto")) {
            var all = new ArrayList<String>();
            for (var time : TIMES) {
                DATES.forEach(date -> all.add(date + time));
            }
            return new DateTimeFormats(all, "auto");
        }
        try {
            return new DateTimeFormats(List.of(name), name);
        } catch (IllegalArgumentException e) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR,
                    "Invalid %s '%s': %s".formatted(hasTime ? "TIMEFORMAT" : "DATEFORMAT", name, e.getMessage()));
        }
    }

    /** A date as the engine takes it. */
    String date(String value) throws BadField {
        return DATE.format(parse(value, FieldFault.BAD_DATE, "date").time());
    }

    /**
     * A timestamp as the engine takes it.
     *
     * @param zoned whether a zone of the value stays; otherwise it is passed over
     */
    String timestamp(String value, boolean zoned) throws BadField {
        var parsed = parse(value, FieldFault.BAD_TIMESTAMP, "timestamp");
        var text = TIMESTAMP.format(parsed.time());
        return zoned ? text + parsed.zone().map(ZoneOffset::getId).orElse("") : text;
    }

    private DateTimePattern.Parsed parse(String value, int code, String what) throws BadField {
        for (var pattern : patterns) {
            try {
                var parsed = pattern.parse(value);
                if (parsed.isPresent()) {
                    return parsed.get();
                }
            } catch (DateTimeException impossible) {
                break; // a 30th of February fits the format and is no day
            }
        }
        throw new BadField(code, "Invalid %s format or value [%s] '%s'".formatted(what, right, Utf8.shown(value)));
    }

    /** A moment that is told by seconds. */
    static LocalDateTime ofEpochMillis(long millis) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(millis, 1000L),
                Math.toIntExact(Math.floorMod(millis, 1000L)) * 1_000_000,
                ZoneOffset.UTC);
    }
}
