package dev.groundplane.agent.logs;

import java.util.List;

/**
 * Events from one part of a log file.
 *
 * @param start the offset in bytes where the part begins
 * @param end the offset in bytes where it ends
 * @param events the events in it, oldest first; empty when it holds only empty lines
 */
public record LogBatch(long start, long end, List<LogEvent> events) {
    /** What PutLogEvents takes at most, counting each event's UTF-8 bytes plus {@link #EVENT_OVERHEAD}. */
    public static final int LARGEST_BYTES = 1_048_576;

    /** How many events PutLogEvents takes at most. */
    public static final int MOST_EVENTS = 10_000;

    /** What PutLogEvents adds to each event's size. */
    public static final int EVENT_OVERHEAD = 26;

    /** The largest message of one event. */
    public static final int LARGEST_MESSAGE_BYTES = 256 * 1024 - EVENT_OVERHEAD;

    /** Keeps its own copy of the events. */
    public LogBatch {
        events = List.copyOf(events);
    }
}
