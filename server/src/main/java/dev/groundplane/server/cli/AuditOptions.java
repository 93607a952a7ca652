package dev.groundplane.server.cli;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.AuditSettings;
import dev.groundplane.server.DurationSetting;
import dev.groundplane.services.cloudtrail.CloudTrail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What happens to audit records. */
final class AuditOptions {
    private static final String KEEP = "--audit-keep-days";
    private static final String CHECKPOINTS = "--audit-checkpoint-every";
    private static final String LOG_FILES = "--trail-log-file-every";
    private static final String DIGESTS = "--trail-digest-every";

    @Option(
            names = KEEP,
            paramLabel = "DAYS",
            description = "after how many days audit records are removed (default: never)")
    private @Nullable String keep;

    @Option(
            names = CHECKPOINTS,
            paramLabel = "DURATION",
            defaultValue = "1m",
            description = "how often the end of the audit trail is signed (default: ${DEFAULT-VALUE})")
    private String checkpoints = "";

    @Option(
            names = LOG_FILES,
            paramLabel = "DURATION",
            defaultValue = "1m",
            description = "how often CloudTrail trails deliver log files (default: ${DEFAULT-VALUE})")
    private String logFiles = "";

    @Option(
            names = DIGESTS,
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "how often CloudTrail trails deliver digests (default: ${DEFAULT-VALUE})")
    private String digests = "";

    /** @throws GroundplaneException when one is no whole number of days, or no duration of at least a second */
    AuditSettings settings() {
        return new AuditSettings(
                Optional.ofNullable(keep).map(AuditOptions::days),
                DurationSetting.of(CHECKPOINTS, checkpoints),
                new CloudTrail.Intervals(
                        DurationSetting.of(LOG_FILES, logFiles), DurationSetting.of(DIGESTS, digests)));
    }

    private static Duration days(String text) {
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "%s is '%s': it must be a whole number of days, from 1".formatted(KEEP, text));
        }
        return Duration.ofDays(Long.parseLong(text));
    }

    /** The options as another process takes them. */
    List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of(CHECKPOINTS, checkpoints, LOG_FILES, logFiles, DIGESTS, digests));
        if (keep != null) {
            arguments.addAll(List.of(KEEP, keep));
        }
        return arguments;
    }
}
