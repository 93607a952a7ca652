package dev.groundplane.server.warehouse;

import dev.groundplane.server.rds.SourceDatabase;
import dev.groundplane.services.integration.IntegrationClaims.Followed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the sources of integrations whose warehouse sleeps, and says when there is something to apply. It has the source send the
 * first change and takes none: the worker gets it again. Thread-safe.
 */
final class IntegrationWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntegrationWatch.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofSeconds(30);
    /** The class of SQLSTATEs of "invalid authorization". */
    private static final String NOT_LET_IN = "28";
    /** The source keeps so much of its log for nothing; then the worker says that it needs none of it. */
    private static final long LONGEST_BEHIND_BYTES = 64L << 20;

    private final Consumer<String> changed;
    private final Consumer<String> refused;
    private final Map<String, Watched> watched = new HashMap<>();

    /**
     * @param changed told the warehouse's namespace whose source has changes; may take long
     * @param refused told the one whose source lets nobody in, to {@link #watch} what there may be with another password
     */
    IntegrationWatch(Consumer<String> changed, Consumer<String> refused) {
        this.changed = changed;
        this.refused = refused;
    }

    /** Watches all that a sleeping warehouse follows, and nothing else of its. */
    synchronized void watch(String namespaceId, List<Followed> followed) {
        Set<String> gone = new HashSet<>();
        watched.forEach((id, one) -> {
            if (one.followed.namespaceId().equals(namespaceId) && !followed.contains(one.followed)) {
                gone.add(id);
            }
        });
        gone.forEach(this::release);
        for (Followed one : followed) {
            if (!watched.containsKey(one.integration())) {
                Watched watching = new Watched(one);
                watched.put(one.integration(), watching);
                watching.thread.start();
            }
        }
    }

    /** Does not watch an integration's source any more: its worker takes over. */
    void release(String integration) {
        Watched released;
        synchronized (this) {
            released = watched.remove(integration);
        }
        if (released != null) {
            released.end();
        }
    }

    private synchronized void forget(Watched one) {
        watched.remove(one.followed.integration(), one);
    }

    @Override
    public void close() {
        List<String> all;
        synchronized (this) {
            all = List.copyOf(watched.keySet());
        }
        all.forEach(this::release);
    }

    /** One source, on a thread of its own until it changes. */
    private final class Watched {
        private final Followed followed;
        private final Thread thread;
        private boolean ended;
        private volatile boolean behind;
        private @Nullable Connection connection;

        Watched(Followed followed) {
            this.followed = followed;
            this.thread = Thread.ofVirtual().name("watch " + followed.name()).unstarted(this::run);
        }

        private void run() {
            try {
                while (!isEnded()) {
                    try {
                        if (hasChanged()) {
                            forget(this);
                            changed.accept(followed.namespaceId());
                            return;
                        }
                    } catch (SQLException e) {
                        LOG.debug("{} cannot be watched now", followed.source(), e);
                        if (String.valueOf(e.getSQLState()).startsWith(NOT_LET_IN)) {
                            Thread.sleep(LOOK);
                            refused.accept(followed.namespaceId());
                        } else {
                            Thread.sleep(AGAIN);
                        }
                    }
                }
            } catch (InterruptedException e) {
                LOG.debug("{} is not watched any more", followed.source(), e);
            }
        }

        /** Waits for a change; false when the watch ends before. */
        private boolean hasChanged() throws SQLException, InterruptedException {
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

        /** Returns when the source's slot is free. */
        private void end() {
            synchronized (this) {
                ended = true;
                if (connection != null) {
                    try {
                        connection.abort(Runnable::run);
                    } catch (SQLException e) {
                        LOG.debug("a connection is closed already", e);
                    }
                }
            }
            thread.interrupt();
            try {
                thread.join(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
