package dev.groundplane.server;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.services.cloudtrail.CloudTrail;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What an operator sets about the audit trail, by environment variables. docs/audit.md describes them. */
final class AuditSettings {
    private static final String KEEP = "GROUNDPLANE_AUDIT_KEEP_DAYS";
    private static final String CHECKPOINTS = "GROUNDPLANE_AUDIT_CHECKPOINT_EVERY";
    private static final String LOG_FILES = "GROUNDPLANE_TRAIL_LOG_FILE_EVERY";
    private static final String DIGESTS = "GROUNDPLANE_TRAIL_DIGEST_EVERY";

    private AuditSettings() {}

    /**
     * For how long records are kept; empty for ever.
     *
     * @throws GroundplaneException when it is no whole number of days
     */
    static Optional<Duration> keep(Map<String, String> environment) {
        String days = environment.getOrDefault(KEEP, "").strip();
        if (days.isEmpty()) {
            return Optional.empty();
        }
        if (!days.matches("[1-9]\\d{0,5}")) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "%s is '%s': it must be a whole number of days, from 1".formatted(KEEP, days));
        }
        return Optional.of(Duration.ofDays(Long.parseLong(days)));
    }

    /** How often the end of the trail is signed. */
    static Duration checkpoints(Map<String, String> environment) {
        return DurationSetting.of(CHECKPOINTS, environment.get(CHECKPOINTS), Duration.ofMinutes(1));
    }

    /** How often trails deliver. */
    static CloudTrail.Intervals intervals(Map<String, String> environment) {
        return new CloudTrail.Intervals(
                DurationSetting.of(LOG_FILES, environment.get(LOG_FILES), Duration.ofMinutes(1)),
                DurationSetting.of(DIGESTS, environment.get(DIGESTS), Duration.ofHours(1)));
    }
}
