package dev.groundplane.warehouse.history;

import dev.groundplane.warehouse.sql.QueryType;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A statement from its beginning to its end. Its session's thread tells what becomes of it, others look at how far it is.
 */
public final class RunningStatement {
    /** How far a statement is, or how it ended; in the words of {@code SYS_QUERY_HISTORY}. */
    public enum Status {
        PLANNING,
        RUNNING,
        RETURNING,
        SUCCESS,
        FAILED,
        CANCELED;

        /** As the views have it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What it was when it began. */
    record Beginning(long id, Caller caller, String label, long transaction, QueryType type, String text, Instant at) {}

    private final Beginning beginning;
    private final History history;
    private final long begunNanos = System.nanoTime();
    private long plannedNanos;
    private volatile Status status = Status.PLANNING;

    RunningStatement(Beginning beginning, History history) {
        this.beginning = beginning;
        this.history = history;
    }

    /** Its number, which no other statement of the namespace has. */
    public long id() {
        return beginning.id();
    }

    Beginning beginning() {
        return beginning;
    }

    Status status() {
        return status;
    }

    /** It is planned, and carried out from now on. */
    public void planned() {
        if (status == Status.PLANNING) {
            plannedNanos = System.nanoTime();
            status = Status.RUNNING;
        }
    }

    /** It was carried out; its rows go to the client. */
    public void returning() {
        planned();
        status = Status.RETURNING;
    }

    /**
     * It is over; said again it changes nothing.
     *
     * @param how it ended
     * @param error what its client was told; null when it did not fail
     * @param rows that its client got
     * @param bytes of them
     */
    public void ended(Status how, @Nullable String error, long rows, long bytes) {
        if (isOver()) {
            return;
        }
        var now = System.nanoTime();
        var planned = status == Status.PLANNING ? now : plannedNanos;
        status = how;
        history.ended(
                this,
                new EndedStatement(
                        beginning,
                        how,
                        Duration.ofNanos(planned - begunNanos),
                        Duration.ofNanos(now - begunNanos),
                        error,
                        rows,
                        bytes));
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return switch (status) {
            case PLANNING, RUNNING, RETURNING -> false;
            case SUCCESS, FAILED, CANCELED -> true;
        };
    }
}
