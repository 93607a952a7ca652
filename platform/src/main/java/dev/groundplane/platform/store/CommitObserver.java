package dev.groundplane.platform.store;

/** Is told of a database's commits. Called on the thread that writes, so it must be quick and must not throw. */
@FunctionalInterface
public interface CommitObserver {
    /**
     * A group of transactions is durable.
     *
     * @param works how many shared the flush
     * @param nanos from the beginning of the first to the end of the flush
     */
    void committed(int works, long nanos);
}
