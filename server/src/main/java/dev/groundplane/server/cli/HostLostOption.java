package dev.groundplane.server.cli;

import dev.groundplane.server.DurationSetting;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** For how long a host's agent may be away before services replace their tasks there. */
final class HostLostOption {
    private static final String NAME = "--host-lost-after";

    @Option(
            names = NAME,
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "for how long a host's agent may be away before services replace their tasks there, such as"
                    + " 90s, 5m or 1h30m (default: ${DEFAULT-VALUE})")
    private String text = "";

    /** @throws dev.groundplane.platform.GroundplaneException when it is no duration, or less than a second */
    Duration duration() {
        return DurationSetting.of(NAME, text);
    }

    /** The option as another process takes it. */
    List<String> arguments() {
        return List.of(NAME, text);
    }
}
