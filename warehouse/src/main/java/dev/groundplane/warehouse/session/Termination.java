package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.FrontendMessage;
import dev.groundplane.pgwire.MessageInput;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.EngineSession;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a session from outside, with an error that its client is told: while it waits for its client at once, otherwise as soon as
 * what it runs is broken off. Thread-safe, but {@link #next} is for the session's thread.
 */
final class Termination {
    private static final Logger log = LoggerFactory.getLogger(Termination.class);

    private final InputStream stream;
    private final MessageOutput output;
    private final EngineSession engine;
    private final ScheduledExecutorService timer;
    private final Duration timeout;
    private long idleSince;
    private boolean waiting;
    private @Nullable Report reason;

    /**
     * @param stream what the session reads from
     * @param timeout after which it ends when it is idle; zero for never
     */
    Termination(
            InputStream stream,
            MessageOutput output,
            EngineSession engine,
            ScheduledExecutorService timer,
            Duration timeout) {
        this.stream = stream;
        this.output = output;
        this.engine = engine;
        this.timer = timer;
        this.timeout = timeout;
        said();
    }

    /** Whether the session ends when its client is silent. */
    boolean hasTimeout() {
        return !timeout.isZero();
    }

    /** Whether it was for silence that the session has ended. */
    synchronized boolean isTimedOut() {
        return reason != null && reason.sqlState().equals(SqlState.IDLE_SESSION_TIMEOUT);
    }

    /** The session ends. */
    synchronized void terminate(Report why) throws IOException {
        if (reason != null) {
            return;
        }
        reason = why;
        if (waiting) {
            tell(why);
            stream.close(); // which ends the wait
        } else {
            engine.cancel(why.message());
        }
    }

    /** The client's next message; null when it has left, or the session ends. */
    @Nullable
    FrontendMessage next(MessageInput input) throws IOException {
        if (!beginWait()) {
            return null;
        }
        var silence = hasTimeout() ? timer.schedule(this::timedOut, left(), TimeUnit.NANOSECONDS) : null;
        try {
            var message = input.read();
            if (!(message instanceof FrontendMessage.Park)) {
                said();
            }
            return endWait() ? message : null;
        } catch (IOException e) {
            if (endWait()) {
                throw e;
            }
            return null;
        } finally {
            if (silence != null) {
                silence.cancel(false);
            }
        }
    }

    /** The client has said something, or was answered. */
    void said() {
        idleSince = System.nanoTime();
    }

    private long left() {
        return Math.max(0, timeout.toNanos() - (System.nanoTime() - idleSince));
    }

    private synchronized boolean beginWait() throws IOException {
        if (reason != null) {
            tell(reason);
            return false;
        }
        waiting = true;
        return true;
    }

    private synchronized boolean endWait() {
        waiting = false;
        return reason == null;
    }

    private void tell(Report why) throws IOException {
        output.error(why);
        output.flush();
    }

    private void timedOut() {
        try {
            synchronized (this) {
                if (waiting) {
                    terminate(Report.fatal(
                            SqlState.IDLE_SESSION_TIMEOUT,
                            "terminating connection due to idle session timeout of %d seconds"
                                    .formatted(timeout.toSeconds())));
                }
            }
        } catch (IOException e) {
            log.debug("an idle session's client has gone", e);
        }
    }
}
