package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** What every call works on. Thread-safe; lives as long as {@link S3}. */
record S3Store(
        Database database,
        ContentFiles files,
        ContentStore contents,
        Garbage garbage,
        ObjectEvents events,
        InstantSource clock) {
    /** Now, as finely as it is kept: S3 tells times in seconds. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
