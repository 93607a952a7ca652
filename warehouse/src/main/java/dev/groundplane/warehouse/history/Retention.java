package dev.groundplane.warehouse.history;

import java.time.Duration;

/**
 * What history keeps; the eldest goes first.
 *
 * @param age of what is kept at most
 * @param bytes of statements at most: their texts, and {@link #ROW} for each
 */
public record Retention(Duration age, long bytes) {
    /** As Redshift: seven days. */
    public static final Retention STANDARD = new Retention(Duration.ofDays(7), 256L << 20);

    /** What a statement takes besides its text, about. */
    static final int ROW = 256;
}
