package dev.groundplane.warehouse.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What breaks off the work of one session, and only that which goes on when it is asked to: a request's cancelling never reaches
 * the next one, nor does the end of a statement's time. Thread-safe.
 */
final class Interruption {
    private static final Logger log = LoggerFactory.getLogger(Interruption.class);
    /** The engine forgets what comes while it prepares to run a statement. */
    private static final Duration AGAIN_AFTER = Duration.ofMillis(50);

    private final ScheduledExecutorService timer;
    private boolean inRequest;
    private boolean cancelled;
    private @Nullable String reason;
    /** Limits that are over and whose work has not ended. */
    private int overdue;

    private @Nullable Breakable running;

    /** Work that can be broken off from another thread, more than once. */
    @FunctionalInterface
    interface Breakable {
        void breakOff() throws SQLException;
    }

    /** A limit of time; closed when what it limits has ended. */
    interface Limit extends AutoCloseable {
        @Override
        void close();
    }

    Interruption(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** A client's next request begins. */
    synchronized void beginRequest() {
        inRequest = true;
        cancelled = false;
        reason = null;
    }

    /** The client's request was answered: until the next one there is nothing to cancel. */
    synchronized void endRequest() {
        inRequest = false;
        cancelled = false;
        reason = null;
    }

    /**
     * Breaks off the present request; without one it does nothing.
     *
     * @param why for the client; null for no reason in particular
     */
    synchronized void cancel(@Nullable String why) {
        if (inRequest) {
            reason = why;
            cancelled = true;
            breakOff(running);
        }
    }

    /** Why the present request was cancelled; null when nobody said, or it was not. */
    synchronized @Nullable String reason() {
        return reason;
    }

    /** @throws QueryCancelled when the present request was cancelled or its time is over */
    synchronized void requireGoing() throws QueryCancelled {
        if (cancelled || overdue > 0) {
            throw new QueryCancelled();
        }
    }

    /**
     * Work begins; {@link #end} follows.
     *
     * @throws QueryCancelled when it must not begin any more
     */
    synchronized void begin(Breakable work) throws QueryCancelled {
        requireGoing();
        running = work;
    }

    synchronized void end() {
        running = null;
    }

    /**
     * Limits the time of what is done until it is closed.
     *
     * @param time zero for any time
     */
    Limit limit(Duration time) {
        if (time.isZero()) {
            return () -> {};
        }
        var limit = new Timed();
        var end = timer.schedule(limit::over, time.toMillis(), TimeUnit.MILLISECONDS);
        return () -> {
            end.cancel(false);
            limit.close();
        };
    }

    private final class Timed implements Limit {
        private boolean closed;
        private boolean over;

        private void over() {
            synchronized (Interruption.this) {
                if (!closed) {
                    over = true;
                    overdue++;
                    breakOff(running);
                }
            }
        }

        @Override
        public void close() {
            synchronized (Interruption.this) {
                closed = true;
                overdue -= over ? 1 : 0;
            }
        }
    }

    private synchronized void breakOff(@Nullable Breakable work) {
        if (work == null || !work.equals(running)) {
            return;
        }
        try {
            work.breakOff();
        } catch (SQLException e) {
            log.error("what a session runs cannot be broken off", e);
        }
        var _ = timer.schedule(() -> breakOff(work), AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
