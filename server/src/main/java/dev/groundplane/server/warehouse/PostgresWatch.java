package dev.groundplane.server.warehouse;

import dev.groundplane.server.rds.SourceDatabase;
import dev.groundplane.services.integration.IntegrationClaims.Followed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the stream that a PostgreSQL source would send to the worker. It has the source send the first change and takes none: the
 * worker gets it again.
 */
final class PostgresWatch implements SourceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(30);
    /** The source keeps so much of its log for nothing; then the worker says that it needs none of it. */
    private static final long LONGEST_BEHIND_BYTES = 64L << 20;

    private final Followed followed;
    private boolean ended;
    private volatile boolean behind;
    private @Nullable Connection connection;

    PostgresWatch(Followed followed) {
        this.followed = followed;
    }

    @Override
    public boolean hasChanged() throws SQLException {
        SourceDatabase source = new SourceDatabase(followed.source(), followed.database(), followed.name());
        try (Connection replication = source.replicate()) {
            if (!begin(replication)) {
                return false;
            }
            try (PGReplicationStream stream = source.watch(replication)) {
                Thread look = Thread.ofVirtual().start(() -> endWhenBehind(stream, replication));
                try {
                    stream.read();
                    return !isEnded();
                } catch (SQLException e) {
                    if (behind) {
                        return !isEnded();
                    }
                    throw e;
                } finally {
                    look.interrupt();
                }
            }
        }
    }

    /** The source writes what is of no concern here, for which nothing is sent. */
    private void endWhenBehind(PGReplicationStream stream, Connection replication) {
        try {
            long from = 0; // not known before the source has said something
            while (!behind) {
                Thread.sleep(LOOK);
                long received = stream.getLastReceiveLSN().asLong();
                from = from == 0 ? received : from;
                behind = received - from > LONGEST_BEHIND_BYTES;
            }
            replication.abort(Runnable::run);
        } catch (InterruptedException | SQLException e) {
            LOG.debug("{} is not looked at any more", followed.source(), e);
        }
    }

    private synchronized boolean begin(Connection replication) {
        connection = replication;
        return !ended;
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    /** The source's slot is free soon. */
    @Override
    public synchronized void end() {
        ended = true;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("a connection is closed already", e);
            }
        }
    }
}
