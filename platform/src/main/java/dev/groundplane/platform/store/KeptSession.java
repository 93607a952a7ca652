package dev.groundplane.platform.store;

import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of a thread's own that lasts: when it breaks, for example because the server starts again, another takes its
 * place. Whoever starts it closes it.
 */
final class KeptSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptSession.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** What is done on the session; ends with its failure. */
    @FunctionalInterface
    interface Body {
        void run(PgConnection session) throws SQLException;
    }

    private final String name;
    private final PostgresServer server;
    private final Body body;
    private final Thread thread;
    private @Nullable PgConnection current;
    private boolean closed;

    /** @param name for log lines */
    KeptSession(String name, PostgresServer server, Body body) {
        this.name = name;
        this.server = server;
        this.body = body;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    /** Begins; returns at once. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!isClosed()) {
                try (PgConnection session = server.connect()) {
                    if (begin(session)) {
                        body.run(session);
                    }
                } catch (SQLException e) {
                    if (!isClosed()) {
                        LOG.warn("session {} broke, trying again: {}", name, e.getMessage());
                        Thread.sleep(PAUSE);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean begin(PgConnection session) {
        current = session;
        return !closed;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Ends the session, whatever it waits for. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (current != null) {
                try {
                    current.abort(Runnable::run);
                } catch (SQLException e) {
                    LOG.debug("session {} did not end well: {}", name, e.getMessage());
                }
            }
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
