package dev.groundplane.platform.store;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.ResourceChange;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** An open write transaction. Belongs to the one {@link Work} it was given to; not thread-safe. */
public final class Transaction {
    private final Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final List<ResourceChange> changes = new ArrayList<>();

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

    /** Tells subscribers of a change once it is durable, in this process and in all others that share the database. */
    public void announce(Events events, ResourceChange change) {
        if (events.hasSubscribers(change.type())) {
            changes.add(change);
            afterCommit(() -> events.publish(change));
        }
    }

    List<ResourceChange> changes() {
        return changes;
    }

    List<Runnable> actions() {
        return afterCommit;
    }
}
