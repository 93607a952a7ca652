package dev.groundplane.platform.store;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.ResourceChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** What the transactions of one process run on. Used by one thread at a time. */
interface WriterConnection {
    /** Begins a transaction and returns its connection. Until the transaction ends, nobody else writes, in any process. */
    Connection begin() throws SQLException;

    /**
     * Makes the transaction durable.
     *
     * @param changes what it changed, to be told to other processes
     */
    void commit(Set<ResourceChange> changes) throws SQLException;

    /** Undoes the transaction, whatever state it is in. */
    void rollback();

    /** What a failure means. */
    GroundplaneException failure(String what, SQLException cause);

    /** Ends the connection. */
    void close() throws SQLException;
}
