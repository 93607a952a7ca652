package dev.groundplane.services.warehouse;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long a snapshot is kept.
 *
 * @param start from when on
 * @param days how many; {@link #INDEFINITE} until somebody deletes it
 */
public record Retention(Instant start, int days) {
    public static final int INDEFINITE = -1;
    public static final int LONGEST_DAYS = 3653;

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** When it ends; empty for never. */
    public Optional<Instant> end() {
        return days == INDEFINITE ? Optional.empty() : Optional.of(start.plus(Duration.ofDays(days)));
    }

    /** The days that are left, begun ones as whole ones; null when it does not end. */
    public @Nullable Integer remainingDays(Instant now) {
        return end().map(at -> Math.ceilDiv(at.toEpochMilli() - now.toEpochMilli(), DAY_MILLIS))
                .map(left -> Math.toIntExact(Math.max(0, left)))
                .orElse(null);
    }

    /** The extras of a stored snapshot with its end, by which {@link WarehouseStore#removeExpired} finds it. */
    public Map<String, String> set(Map<String, String> extra) {
        Map<String, String> changed = new HashMap<>(extra);
        end().ifPresentOrElse(
                        at -> changed.put(WarehouseStore.EXPIRES, WarehouseStore.expiry(at)),
                        () -> changed.remove(WarehouseStore.EXPIRES));
        return Map.copyOf(changed);
    }
}
