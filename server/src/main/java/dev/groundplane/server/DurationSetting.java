package dev.groundplane.server;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A duration that an operator sets by an environment variable. */
final class DurationSetting {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private DurationSetting() {}

    /**
     * @param variable the variable's name
     * @param text its value, such as {@code 90s}, {@code 5m} or {@code 1h30m}
     * @param otherwise what holds when it is null or empty
     * @throws GroundplaneException when it is no such text, or less than a second
     */
    static Duration of(String variable, @Nullable String text, Duration otherwise) {
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        Duration duration;
        try {
            duration = Duration.parse("PT" + text.strip().toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException e) {
            throw wrong(variable, text);
        }
        if (duration.compareTo(SHORTEST) < 0) {
            throw wrong(variable, text);
        }
        return duration;
    }

    private static GroundplaneException wrong(String variable, String text) {
        return new GroundplaneException(
                ErrorKind.USER_ERROR,
                "%s is '%s': it must be a duration of at least a second, such as 90s, 5m or 1h30m"
                        .formatted(variable, text));
    }
}
