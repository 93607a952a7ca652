package dev.groundplane.services.s3;

import java.time.Instant;
import java.util.Optional;

/**
 * What keeps a version from being deleted. Source: Amazon S3 User Guide, "Locking objects with Object Lock".
 *
 * @param mode {@code GOVERNANCE} or {@code COMPLIANCE}; empty with {@code until}
 */
record ObjectLock(Optional<String> mode, Optional<Instant> until, boolean legalHold) {
    static final ObjectLock NONE = new ObjectLock(Optional.empty(), Optional.empty(), false);

    /** Whether it may not be deleted now. */
    boolean holds(Instant now, boolean bypassGovernance) {
        boolean retained = until.filter(now::isBefore).isPresent()
                && !(bypassGovernance && mode.filter("GOVERNANCE"::equals).isPresent());
        return legalHold || retained;
    }
}
