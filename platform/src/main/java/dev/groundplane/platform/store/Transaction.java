package dev.groundplane.platform.store;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** An open write transaction. Belongs to the one {@link Work} it was given to; not thread-safe. */
public final class Transaction {
    private final Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** The connection to read and write on. Its commit and rollback belong to the {@link Database}. */
    public Connection connection() {
        return connection;
    }

    /** Runs {@code action} once the transaction is durable, and never when it is undone. It must be quick. */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    List<Runnable> actions() {
        return afterCommit;
    }
}
