package dev.groundplane.agent.logs;

/** What came of a call to a {@link LogSink}. */
public sealed interface Delivery {

    /** Done. */
    record Accepted() implements Delivery {}

    /**
     * The other side has the log up to another offset than the batch began at; nothing was stored.
     *
     * @param offset the offset in bytes from which to continue
     */
    record ContinueAt(long offset) implements Delivery {}

    /** The stream or its group does not exist. */
    record NoSuchStream(String reason) implements Delivery {}

    /** The other side is away, busy, or does not take the credentials for the moment: the same call may succeed later. */
    record TryLater(String reason) implements Delivery {}

    /** The call will never succeed. */
    record Refused(String reason) implements Delivery {}
}
