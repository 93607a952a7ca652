package dev.groundplane.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** For how long a host's agent may be away before services replace their tasks there. */
final class HostPatience {
    /** The environment variable that sets it. */
    static final String VARIABLE = "GROUNDPLANE_HOST_LOST_AFTER";

    private static final Duration DEFAULT = Duration.ofMinutes(5);

    private HostPatience() {}

    /**
     * @param text such as {@code 90s}, {@code 5m} or {@code 1h30m}; five minutes when null or empty
     * @throws dev.groundplane.platform.GroundplaneException when it is no such text, or less than a second
     */
    static Duration of(@Nullable String text) {
        return DurationSetting.of(VARIABLE, text, DEFAULT);
    }
}
