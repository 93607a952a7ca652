package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of sessions between their statements. They end with this process. Thread-safe. */
final class SessionConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionConnections.class);
    private static final Duration LONGEST = Duration.ofHours(24);

    private final StatementStore store;
    private final InstantSource clock;
    private final Map<String, Kept> idle = new HashMap<>();
    private final Reconciler<String> ends = new Reconciler<>("redshift-data-sessions", this::endIfDue);

    private record Kept(Scope scope, Connection connection, Instant until) {}

    SessionConnections(StatementStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The connection of a session; empty when it has ended. Whoever takes it gives it back or ends the session. */
    synchronized Optional<Connection> take(String session) {
        return Optional.ofNullable(idle.remove(session)).map(Kept::connection);
    }

    synchronized boolean isIdle(String session) {
        return idle.containsKey(session);
    }

    /** Keeps a session's connection for its next statement, for as long as the session says; none lives longer than a day. */
    synchronized void keep(Stored<String> session, Connection connection) {
        Instant last = Instant.parse(session.extra().getOrDefault(StatementStore.BEGUN, ""))
                .plus(LONGEST);
        Duration keepAlive =
                Duration.ofSeconds(Long.parseLong(session.extra().getOrDefault(StatementStore.KEEP_ALIVE, "0")));
        Instant until = clock.instant().plus(keepAlive);
        idle.put(session.name(), new Kept(session.scope(), connection, until.isBefore(last) ? until : last));
        ends.enqueueAfter(session.name(), keepAlive);
    }

    private void endIfDue(String session) {
        Kept due;
        synchronized (this) {
            due = idle.get(session);
            if (due == null) {
                return;
            }
            Duration left = Duration.between(clock.instant(), due.until());
            if (left.isPositive()) {
                ends.enqueueAfter(session, left);
                return;
            }
            idle.remove(session);
        }
        close(due.connection());
        forget(due.scope(), session);
    }

    /** Forgets a session that has no connection. Idempotent. */
    void forget(Scope scope, String session) {
        store.database().write(tx -> store.sessions().deleteIfPresent(tx, scope, session));
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection is closed already", e);
        }
    }

    @Override
    public void close() {
        ends.close();
        List<Kept> left;
        synchronized (this) {
            left = new ArrayList<>(idle.values());
            idle.clear();
        }
        left.forEach(kept -> close(kept.connection()));
    }
}
