package dev.groundplane.warehouse.function;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The patterns of date and time formats: "Datetime format strings" in Redshift's reference. */
enum DateTimeField {
    YEAR_COMMA("Y,YYY"),
    YEAR4("YYYY"),
    YEAR3("YYY"),
    YEAR2("YY"),
    YEAR1("Y"),
    ISO_YEAR4("IYYY"),
    ISO_YEAR3("IYY"),
    ISO_YEAR2("IY"),
    ISO_YEAR1("I"),
    ERA_DOTS("B.C. A.D."),
    ERA("BC AD"),
    CENTURY("CC"),
    QUARTER("Q"),
    MONTH_NAME("MONTH"),
    MONTH_SHORT("MON"),
    MONTH("MM"),
    MONTH_ROMAN("RM"),
    WEEK_OF_YEAR("WW"),
    ISO_WEEK("IW"),
    WEEK_OF_MONTH("W"),
    DAY_NAME("DAY"),
    DAY_SHORT("DY"),
    ISO_DAY_OF_YEAR("IDDD"),
    DAY_OF_YEAR("DDD"),
    DAY("DD"),
    ISO_DAY_OF_WEEK("ID"),
    DAY_OF_WEEK("D"),
    JULIAN_DAY("J"),
    HOUR24("HH24"),
    HOUR12("HH12 HH"),
    MINUTE("MI"),
    SECOND_OF_DAY("SSSSS SSSS"),
    SECOND("SS"),
    MILLISECOND("MS"),
    MICROSECOND("US"),
    MERIDIEM_DOTS("A.M. P.M."),
    MERIDIEM("AM PM"),
    ZONE("TZ"),
    OFFSET("OF");

    /** A pattern and its field. */
    private record Spelling(String text, DateTimeField field) {}

    private static final List<Spelling> LONGEST_FIRST = Stream.of(values())
            .flatMap(field -> Stream.of(field.patterns.split(" ")).map(text -> new Spelling(text, field)))
            .sorted(Comparator.comparingInt(
                    (Spelling spelling) -> -spelling.text().length()))
            .toList();

    private final String patterns;

    /** @param patterns apart by spaces */
    DateTimeField(String patterns) {
        this.patterns = patterns;
    }

    /**
     * A piece of a format.
     *
     * @param field null for a text that stands for itself
     * @param text as it is in the format
     * @param fill whether it is filled up with zeros or blanks, as without {@code FM}
     * @param ordinal {@code TH} or {@code th} if one follows; empty for none
     */
    record Piece(@Nullable DateTimeField field, String text, boolean fill, String ordinal) {
        /** Whether a name is written in capitals, in small letters, or with one capital. */
        String inCaseOf(String name) {
            if (text.equals(text.toLowerCase(Locale.ROOT))) {
                return name.toLowerCase(Locale.ROOT);
            }
            return text.length() > 1 && Character.isLowerCase(text.charAt(1)) ? name : name.toUpperCase(Locale.ROOT);
        }
    }

    /** The pieces of a format. */
    static List<Piece> pieces(String format) {
        var pieces = new ArrayList<Piece>();
        var fill = true;
        for (var i = 0; i < format.length(); ) {
            if (format.regionMatches(true, i, "FM", 0, 2)) {
                fill = false;
                i += 2;
                continue;
            }
            if (format.charAt(i) == '"') {
                var end = format.indexOf('"', i + 1);
                var close = end < 0 ? format.length() : end;
                pieces.add(new Piece(null, format.substring(i + 1, close), false, ""));
                i = close + 1;
                continue;
            }
            var spelling = at(format, i);
            if (spelling == null) {
                pieces.add(new Piece(null, format.substring(i, i + 1), false, ""));
                i++;
                continue;
            }
            var end = i + spelling.text().length();
            var ordinal = format.regionMatches(true, end, "TH", 0, 2) ? format.substring(end, end + 2) : "";
            pieces.add(new Piece(spelling.field(), format.substring(i, end), fill, ordinal));
            i = end + ordinal.length();
            fill = true;
        }
        return pieces;
    }

    private static @Nullable Spelling at(String format, int index) {
        for (var spelling : LONGEST_FIRST) {
            if (format.regionMatches(
                    true, index, spelling.text(), 0, spelling.text().length())) {
                return spelling;
            }
        }
        return null;
    }
}
