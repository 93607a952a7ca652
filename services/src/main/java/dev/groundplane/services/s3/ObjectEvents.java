package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells subscribers in this process what it does to objects, once that is durable and before the caller is answered. What
 * happened while a subscriber was not there, or by another control plane on the same database, it finds by listing.
 * Thread-safe.
 */
public final class ObjectEvents {
    private final List<Consumer<ObjectEvent>> subscribers = new CopyOnWriteArrayList<>();
    private final List<Participant> participants = new CopyOnWriteArrayList<>();

    /** Writes down what happens, in the transaction in which it does. */
    @FunctionalInterface
    public interface Participant {
        /** @throws SQLException undoes both */
        void take(Transaction transaction, ObjectEvent event) throws SQLException;
    }

    ObjectEvents() {}

    /** Calls {@code subscriber} after each event, on the store's writing thread: it must only enqueue. */
    public void subscribe(Consumer<ObjectEvent> subscriber) {
        subscribers.add(subscriber);
    }

    /** Has {@code participant} write in the transaction of each event; it must be quick. */
    public void join(Participant participant) {
        participants.add(participant);
    }

    void publish(Transaction transaction, ObjectEvent event) throws SQLException {
        for (Participant participant : participants) {
            participant.take(transaction, event);
        }
        transaction.afterCommit(() -> subscribers.forEach(subscriber -> subscriber.accept(event)));
    }
}
