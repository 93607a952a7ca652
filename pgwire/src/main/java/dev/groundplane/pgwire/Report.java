package dev.groundplane.pgwire;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error or a notice, as clients see it.
 *
 * @param sqlState five characters, see {@link SqlState}
 * @param message what was wrong, with the value
 * @param detail more about it, if there is more
 * @param hint what would be right, if that can be said
 * @param position of the character in the query that it is about, from 1; 0 for none
 */
public record Report(
        Severity severity,
        String sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint,
        int position) {

    /** How grave it is, and with it whether the session goes on. */
    public enum Severity {
        /** The session ends. */
        FATAL,
        /** The statement ends. */
        ERROR,
        /** Nothing ends. */
        INFO
    }

    /** An error without detail, hint and position. */
    public static Report error(String sqlState, String message) {
        return new Report(Severity.ERROR, sqlState, message, null, null, 0);
    }

    /** The end of a session. */
    public static Report fatal(String sqlState, String message) {
        return new Report(Severity.FATAL, sqlState, message, null, null, 0);
    }

    /** A notice. */
    public static Report info(String message) {
        return new Report(Severity.INFO, "00000", message, null, null, 0);
    }

    /** The fields of the message by their type bytes. */
    Map<Character, String> fields() {
        var fields = new LinkedHashMap<Character, String>();
        fields.put('S', severity.name());
        fields.put('V', severity.name());
        fields.put('C', sqlState);
        fields.put('M', message);
        if (detail != null) {
            fields.put('D', detail);
        }
        if (hint != null) {
            fields.put('H', hint);
        }
        if (position > 0) {
            fields.put('P', Integer.toString(position));
        }
        return fields;
    }
}
