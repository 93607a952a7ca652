package dev.groundplane.services.redshiftserverless;

import java.time.Duration;
import java.time.Instant;

/**
 * A time for which a workgroup was awake, a minute or less.
 *
 * @param capacity in Redshift processing units
 * @param storageMegabytes of its databases' files at the end
 */
public record UsagePeriod(Instant start, Instant end, int capacity, long storageMegabytes) {
    /** What was used: seconds times Redshift processing units. */
    public long computeSeconds() {
        return Duration.between(start, end).toSeconds() * capacity;
    }

    String encode() {
        return "%d %d %d %d".formatted(start.toEpochMilli(), end.toEpochMilli(), capacity, storageMegabytes);
    }

    static UsagePeriod decode(String text) {
        String[] parts = text.split(" ");
        return new UsagePeriod(
                Instant.ofEpochMilli(Long.parseLong(parts[0])),
                Instant.ofEpochMilli(Long.parseLong(parts[1])),
                Integer.parseInt(parts[2]),
                Long.parseLong(parts[3]));
    }
}
