package dev.groundplane.warehouse.history;

import java.time.Duration;

/**
 * What history keeps; the eldest goes first.
 *
 * @param age of what is kept at most
 * @param bytes of each table at most: its long texts, and {@link #ROW} for each row
 */
public record Retention(Duration age, long bytes) {
    /** As Redshift: seven days. */
    public static final Retention STANDARD = new Retention(Duration.ofDays(7), 256L << 20);

    /** What a row takes besides its long text, about. */
    static final int ROW = 256;
}
