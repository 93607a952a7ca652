package dev.groundplane.server.warehouse;

import dev.groundplane.services.integration.IntegrationClaims.Followed;
import dev.groundplane.services.integration.SourceEngine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the sources of integrations whose warehouse sleeps, and says when there is something to apply. How, is each engine's.
 * Thread-safe.
 */
final class IntegrationWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IntegrationWatch.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofSeconds(30);
    /** The class of SQLSTATEs of "invalid authorization". */
    private static final String NOT_LET_IN = "28";

    private final Consumer<String> changed;
    private final Consumer<String> refused;
    private final Function<String, Optional<String>> places;
    private final Map<String, Watched> watched = new HashMap<>();

    /**
     * @param changed told the warehouse's namespace whose source has changes; may take long
     * @param refused told the one whose source lets nobody in, to {@link #watch} what there may be with another password
     * @param places up to where the warehouse has everything, by the integration's id; empty when that is not known
     */
    IntegrationWatch(Consumer<String> changed, Consumer<String> refused, Function<String, Optional<String>> places) {
        this.changed = changed;
        this.refused = refused;
        this.places = places;
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

    private SourceWatch source(Followed followed) {
        return switch (SourceEngine.of(followed.source())) {
            case POSTGRESQL -> new PostgresWatch(followed);
            case MARIADB, MYSQL -> new BinlogWatch(followed, () -> places.apply(followed.integration()));
        };
    }

    /** One source, on a thread of its own until it changes. */
    private final class Watched {
        private final Followed followed;
        private final SourceWatch source;
        private final Thread thread;
        private volatile boolean ended;

        Watched(Followed followed) {
            this.followed = followed;
            this.source = source(followed);
            this.thread = Thread.ofVirtual().name("watch " + followed.name()).unstarted(this::run);
        }

        private void run() {
            try {
                while (!ended) {
                    try {
                        if (source.hasChanged()) {
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

        /** Returns when the source is free. */
        private void end() {
            ended = true;
            source.end();
            thread.interrupt();
            try {
                thread.join(AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
