package dev.groundplane.services.logs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where GetLogEvents goes on, and in which direction. Written in AWS's form: {@code f/} or {@code b/}, 56 digits,
 * {@code /s}.
 *
 * @param forward whether events after the position are meant, else those before it
 * @param position exclusive
 */
record PageToken(boolean forward, EventPosition position) {
    private static final Pattern FORM = Pattern.compile("([fb])/0{19}(\\d{18})0(\\d{18})/s");

    /** Reads what {@link #text} wrote. */
    static PageToken parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw Parameters.invalid("The specified nextToken is invalid.");
        }
        return new PageToken(
                matcher.group(1).equals("f"),
                new EventPosition(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))));
    }

    String text() {
        return "%s/%037d%019d/s".formatted(forward ? "f" : "b", position.timestamp(), position.sequence());
    }
}
