package dev.groundplane.services.s3;

import java.time.Instant;

/**
 * A bucket's row.
 *
 * @param id never used twice, so that what is left of a deleted bucket is never taken for a new one's
 * @param name in all accounts only one has it
 * @param account the owner
 * @param region where it was made
 * @param locked whether its objects may be locked
 */
record Bucket(
        long id, String name, String account, String region, Instant created, Versioning versioning, boolean locked) {
    /** What becomes of an object's former versions. */
    enum Versioning {
        /** Was never enabled: there are none. */
        OFF,
        ENABLED,
        /** New objects are version {@code null}; what was there before stays. */
        SUSPENDED
    }

    /** Whether responses name versions. */
    boolean versioned() {
        return versioning != Versioning.OFF;
    }

    String arn() {
        return "arn:aws:s3:::" + name;
    }
}
