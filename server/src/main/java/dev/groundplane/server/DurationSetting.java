package dev.groundplane.server;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A duration that an operator sets by an option or an environment variable. */
public final class DurationSetting {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private DurationSetting() {}

    /**
     * @param name the option's or variable's name
     * @param text its value, such as {@code 90s}, {@code 5m} or {@code 1h30m}
     * @throws GroundplaneException when it is no such text, or less than a second
     */
    public static Duration of(String name, String text) {
        Duration duration;
        try {
            duration = Duration.parse("PT" + text.strip().toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException e) {
            throw wrong(name, text);
        }
        if (duration.compareTo(SHORTEST) < 0) {
            throw wrong(name, text);
        }
        return duration;
    }

    /** The same for what need not be set; {@code otherwise} holds when it is null or empty. */
    static Duration of(String name, @Nullable String text, Duration otherwise) {
        return text == null || text.isBlank() ? otherwise : of(name, text);
    }

    private static GroundplaneException wrong(String name, String text) {
        return new GroundplaneException(
                ErrorKind.USER_ERROR,
                "%s is '%s': it must be a duration of at least a second, such as 90s, 5m or 1h30m"
                        .formatted(name, text));
    }
}
