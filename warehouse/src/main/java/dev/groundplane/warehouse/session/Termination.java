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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a session from outside, with an error that its client is told: while it waits for its client at once, otherwise as soon as
 * what it runs is broken off. A client that does not take what it is told is cut off after a grace period. Thread-safe, but
 * {@link #next} is for the session's thread.
 */
final class Termination {
    private static final Logger log = LoggerFactory.getLogger(Termination.class);

    private final InputStream stream;
    private final MessageOutput output;
    private final EngineSession engine;
    private final ScheduledExecutorService timer;
    private final Duration timeout;
    private final Duration grace;
    private long idleSince;
    private boolean waiting;
    private boolean left;
    private @Nullable Report reason;
    /** Done when a client that was waited for has been told. */
    private CompletableFuture<Void> farewell = CompletableFuture.completedFuture(null);

    /**
     * @param stream what the session reads from; closing it also ends what is being written to the client
     * @param timeout after which it ends when it is idle; zero for never
     * @param grace after which it is closed when it was terminated and has not ended
     */
    Termination(
            InputStream stream,
            MessageOutput output,
            EngineSession engine,
            ScheduledExecutorService timer,
            Duration timeout,
            Duration grace) {
        this.stream = stream;
        this.output = output;
        this.engine = engine;
        this.timer = timer;
        this.timeout = timeout;
        this.grace = grace;
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

    /**
     * The session ends, as it was told first; what it runs is broken off again when it is told again. Waits for nothing.
     *
     * @return false when it has left
     */
    synchronized boolean terminate(Report why) {
        if (left) {
            return false;
        }
        if (reason == null) {
            reason = why;
            if (waiting) {
                farewell = CompletableFuture.runAsync(() -> dismiss(why), Thread::startVirtualThread);
            }
            var _ = timer.schedule(this::closeStream, grace.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (!waiting) {
            engine.cancel(reason.message());
        }
        return true;
    }

    /** The session leaves, and goes on elsewhere: nobody ends it here any more. False when somebody has, and it may not leave. */
    synchronized boolean leave() {
        left = reason == null;
        return left;
    }

    private void dismiss(Report why) {
        tell(why);
        closeStream(); // which ends the wait
    }

    /**
     * The client's next message; null when it has left, or the session ends.
     *
     * @param first whether it is the first of a request: the engine's begins with it, so that whoever ends the session from then
     *     on finds something to cancel
     */
    @Nullable
    FrontendMessage next(MessageInput input, boolean first) throws IOException {
        var told = beginWait();
        if (told != null) {
            tell(told);
            return null;
        }
        var silence = hasTimeout() ? timer.schedule(this::timedOut, left(), TimeUnit.NANOSECONDS) : null;
        try {
            var message = input.read();
            var asks = !(message instanceof FrontendMessage.Park);
            if (asks) {
                said();
            }
            if (endWait(first && asks)) {
                return message;
            }
        } catch (IOException e) {
            if (endWait(false)) {
                throw e;
            }
        } finally {
            if (silence != null) {
                silence.cancel(false);
            }
        }
        farewell.join();
        return null;
    }

    /** The client has said something, or was answered. */
    void said() {
        idleSince = System.nanoTime();
    }

    private long left() {
        return Math.max(0, timeout.toNanos() - (System.nanoTime() - idleSince));
    }

    /** Why there is nothing to wait for; null when there is. */
    private synchronized @Nullable Report beginWait() {
        waiting = reason == null;
        return reason;
    }

    private synchronized boolean endWait(boolean beginsRequest) {
        waiting = false;
        if (reason != null) {
            return false;
        }
        if (beginsRequest) {
            engine.beginRequest();
        }
        return true;
    }

    /** Takes as long as its client does, so nobody may wait for that but the session. */
    private void tell(Report why) {
        try {
            output.error(why);
            output.flush();
        } catch (IOException e) {
            log.debug("a session's client has gone before it was told: {}", why.message(), e);
        }
    }

    private void closeStream() {
        try {
            stream.close();
        } catch (IOException e) {
            log.debug("the connection of a session that ends does not close", e);
        }
    }

    private synchronized void timedOut() {
        if (waiting) {
            var _ = terminate(Report.fatal(
                    SqlState.IDLE_SESSION_TIMEOUT,
                    "terminating connection due to idle session timeout of %d seconds".formatted(timeout.toSeconds())));
        }
    }
}
