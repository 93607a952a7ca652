package dev.groundplane.server;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** For how long a host's agent may be away before services replace their tasks there. */
final class HostPatience {
    /** The environment variable that sets it. */
    static final String VARIABLE = "GROUNDPLANE_HOST_LOST_AFTER";

    private static final Duration DEFAULT = Duration.ofMinutes(5);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private HostPatience() {}

    /**
     * @param text such as {@code 90s}, {@code 5m} or {@code 1h30m}; five minutes when null or empty
     * @throws GroundplaneException when it is no such text, or less than a second
     */
    static Duration of(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return DEFAULT;
        }
        Duration patience;
        try {
            patience = Duration.parse("PT" + text.strip().toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException e) {
            throw wrong(text);
        }
        if (patience.compareTo(SHORTEST) < 0) {
            throw wrong(text);
        }
        return patience;
    }

    private static GroundplaneException wrong(String text) {
        return new GroundplaneException(
                ErrorKind.USER_ERROR,
                "%s is '%s': it must be a duration of at least a second, such as 90s, 5m or 1h30m"
                        .formatted(VARIABLE, text));
    }
}
