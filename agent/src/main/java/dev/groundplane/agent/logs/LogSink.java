package dev.groundplane.agent.logs;

/** Where log events go. Thread safe; calls block and never throw for what the other side answers. */
public interface LogSink {

    /**
     * Makes sure, before a container starts, that its output will find its stream: makes it, unless the other side does so
     * with the first batch and had the group a moment ago.
     */
    Delivery expectStream(LogStreamName stream);

    /** Makes the stream, and its group where that is wanted. Idempotent. */
    Delivery createStream(LogStreamName stream);

    /** Delivers a batch that was read from a part of the log file. */
    Delivery put(LogStreamName stream, LogBatch batch);
}
