package dev.groundplane.platform.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a verification found.
 *
 * @param records how many records there are
 * @param first the first one's position; 0 when there is none
 * @param last the last one's position
 * @param removed up to which position records were removed because they were older than what is kept; 0 for none
 * @param chains how many hash chains there are: one for each control plane that wrote
 * @param checkpoints how many signed checkpoints there are
 * @param signed up to which position checkpoints vouch for all of the trail
 * @param signedAt when the newest was made; empty when there is none
 * @param findings what is wrong, in the order of positions; the first few
 * @param findingCount how much is wrong
 * @param notes what could not be looked at, and why
 */
public record AuditReport(
        long records,
        long first,
        long last,
        long removed,
        int chains,
        int checkpoints,
        long signed,
        Optional<Instant> signedAt,
        List<AuditFinding> findings,
        long findingCount,
        List<String> notes) {
    /** Whether nothing is wrong. */
    public boolean intact() {
        return findingCount == 0;
    }
}
