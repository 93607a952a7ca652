package dev.groundplane.warehouse.replication;

import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.replication.PGReplicationStream;

/**
 * Asks the source of a stream for an answer now and then, so that it is not silent unless it is away: then reading fails, see
 * {@link SourceSocketFactory}. The source, too, takes whoever is silent for away. For one thread.
 */
final class Heartbeat {
    /** An answer may be late without having been lost. */
    private static final int TIMES = 6;

    private final Duration each;
    private long askedAt = System.nanoTime();

    /** @param patience that the source has with us, and we with it */
    Heartbeat(Duration patience) {
        this.each = patience.dividedBy(TIMES);
    }

    /** How often it asks. */
    Duration each() {
        return each;
    }

    /** Asks, if it is time to; nobody else uses the stream meanwhile. */
    void beat(PGReplicationStream stream) throws SQLException {
        if (System.nanoTime() - askedAt >= each.toNanos()) {
            stream.forceUpdateStatus();
            askedAt = System.nanoTime();
        }
    }
}
