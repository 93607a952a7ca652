package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Parts of dates in all their spellings: "Date parts for date or timestamp functions" in Redshift's reference. */
enum DatePart {
    MILLENNIUM("millennia mil mils"),
    CENTURY("centuries c cent cents"),
    DECADE("decades dec decs"),
    EPOCH(""),
    YEAR("years y yr yrs"),
    QUARTER("quarters qtr qtrs"),
    MONTH("months mon mons"),
    WEEK("weeks w"),
    DOW("dayofweek dw weekday"),
    DOY("dayofyear dy yearday"),
    DAY("days d"),
    HOUR("hours h hr hrs"),
    MINUTE("minutes m min mins"),
    SECOND("seconds s sec secs"),
    MILLISECOND("milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon"),
    MICROSECOND("microseconds us usec usecs usecond useconds microsec microsecs"),
    TIMEZONE(""),
    TIMEZONE_HOUR(""),
    TIMEZONE_MINUTE("");

    private static final Map<String, DatePart> BY_SPELLING = new TreeMap<>();

    static {
        for (var part : values()) {
            BY_SPELLING.put(part.engineName(), part);
            for (var spelling : part.spellings.split(" ")) {
                BY_SPELLING.put(spelling, part);
            }
        }
    }

    private final String spellings;

    DatePart(String spellings) {
        this.spellings = spellings;
    }

    /** @throws SqlFailure when it is none */
    static DatePart of(String spelling) {
        var part = BY_SPELLING.get(spelling.toLowerCase(Locale.ROOT));
        if (part == null || spelling.isEmpty()) {
            throw SqlFailure.of(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "date part \"%s\" is not one of year, quarter, month, week, day, hour, minute, second"
                            .formatted(spelling));
        }
        return part;
    }

    /** As the engine calls it. */
    String engineName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
