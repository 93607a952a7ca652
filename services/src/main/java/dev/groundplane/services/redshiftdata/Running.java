package dev.groundplane.services.redshiftdata;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A statement that runs in this process, and can be told to end. Thread-safe. */
final class Running {
    private static final Logger LOG = LoggerFactory.getLogger(Running.class);
    private static final Duration AGAIN = Duration.ofMillis(200);
    /** SQLSTATE query_canceled. */
    static final String CANCELLED = "57014";

    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Statement current;
    private boolean cancelled;

    /**
     * Says what is about to be executed.
     *
     * @throws SQLException with SQLSTATE 57014 when it shall not be
     */
    synchronized void executes(Statement statement) throws SQLException {
        checkCancelled();
        current = statement;
    }

    /** @throws SQLException with SQLSTATE 57014 when it was told to end */
    synchronized void checkCancelled() throws SQLException {
        if (cancelled) {
            throw new SQLException("ERROR: canceling statement due to user request", CANCELLED);
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    /** It has ended, in whichever way. */
    void end() {
        ended.countDown();
    }

    /** Tells it to end; returns at once. */
    synchronized void cancel() {
        if (!cancelled) {
            cancelled = true;
            Thread.ofVirtual().name("redshift-data-cancel").start(this::cancelUntilItEnds);
        }
    }

    /** PostgreSQL does not say whether a request to cancel found something to cancel: it may come before the query. */
    private void cancelUntilItEnds() {
        try {
            do {
                cancelCurrent();
            } while (!ended.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancelCurrent() {
        Statement statement;
        synchronized (this) {
            statement = current;
        }
        try {
            if (statement != null) {
                statement.cancel();
            }
        } catch (SQLException e) {
            LOG.debug("a statement cannot be cancelled, it may have ended", e);
        }
    }
}
