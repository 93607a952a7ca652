package dev.groundplane.server.cli;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** For how long a host's agent may be away before services replace their tasks there. */
final class HostLostOption {
    private static final String NAME = "--host-lost-after";
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @Option(
            names = NAME,
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "for how long a host's agent may be away before services replace their tasks there, such as"
                    + " 90s, 5m or 1h30m (default: ${DEFAULT-VALUE})")
    private String text = "";

    /** @throws GroundplaneException when it is no duration, or less than a second */
    Duration duration() {
        Duration duration;
        try {
            duration = Duration.parse("PT" + text.strip().toUpperCase(Locale.ROOT));
        } catch (DateTimeParseException e) {
            throw wrong();
        }
        if (duration.compareTo(SHORTEST) < 0) {
            throw wrong();
        }
        return duration;
    }

    /** The option as another process takes it. */
    List<String> arguments() {
        return List.of(NAME, text);
    }

    private GroundplaneException wrong() {
        return new GroundplaneException(
                ErrorKind.USER_ERROR,
                "%s is '%s': it must be a duration of at least a second, such as 90s, 5m or 1h30m"
                        .formatted(NAME, text));
    }
}
