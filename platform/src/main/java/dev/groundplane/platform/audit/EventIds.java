package dev.groundplane.platform.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Event ids: UUIDs of version 7 (RFC 9562), which begin with their time in milliseconds. So records are found by id through
 * the index on time, without an index on ids.
 */
public final class EventIds {
    private EventIds() {}

    /** A fresh id for an event of that time. */
    public static String at(Instant time) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (time.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0xFFFL);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** The time in an id; empty when it is none of ours. */
    public static Optional<Instant> time(String eventId) {
        try {
            UUID uuid = UUID.fromString(eventId);
            return uuid.version() == 7
                    ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
