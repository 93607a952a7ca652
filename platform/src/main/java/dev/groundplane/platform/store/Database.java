package dev.groundplane.platform.store;

/**
 * A relational database with snapshot reads and serialised, durable writes. Several processes may share one, if it is of
 * that kind; a transaction is alone all the same. Thread-safe. Whoever opens it closes it.
 */
public interface Database extends AutoCloseable {
    /** Reads a consistent snapshot; sees every write, of any process, whose call returned before this one began. */
    <R> R read(SqlFunction<R> query);

    /**
     * Runs a transaction and returns when it is durable. Concurrent transactions share one disk flush.
     *
     * @throws RuntimeException whatever {@code work} threw; nothing of it is stored then
     */
    <R> R write(Work<R> work);

    /**
     * Queues a transaction and returns at once; it becomes durable with the next flush, in the order of the calls. For
     * records whose loss within the last milliseconds before a crash is acceptable.
     */
    void writeLater(Work<?> work);

    /** Tells {@code observer} of every commit from now on, instead of who was told before. */
    void observe(CommitObserver observer);

    /** How many transactions wait for the writer. */
    int waiting();

    /**
     * Whether other processes may write to it. If so, what was read may be out of date a moment later, and announced
     * changes tell of it only afterwards: nothing that was read may be kept and answered with.
     */
    boolean shared();

    /** The processes that work on it. */
    Replicas replicas();

    /** Writes what is queued and closes all connections. */
    @Override
    void close();
}
