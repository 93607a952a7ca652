package dev.groundplane.server;

import dev.groundplane.services.cloudtrail.CloudTrail;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator says about the audit trail. docs/audit.md describes it.
 *
 * @param keep for how long records are kept; empty for ever
 * @param checkpoints how often the end of the trail is signed
 * @param deliveries how often trails deliver
 */
public record AuditSettings(Optional<Duration> keep, Duration checkpoints, CloudTrail.Intervals deliveries) {
    /** What holds when nobody says otherwise. */
    public static final AuditSettings DEFAULT = new AuditSettings(
            Optional.empty(),
            Duration.ofMinutes(1),
            new CloudTrail.Intervals(Duration.ofMinutes(1), Duration.ofHours(1)));
}
