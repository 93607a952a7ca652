package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;

/** Removes statements with their results a day after their end. Thread-safe. */
final class Expiry implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final int BATCH = 50;

    private final StatementStore store;
    private final ResultPages pages;
    private final InstantSource clock;
    private final Reconciler<String> sweeps = new Reconciler<>("redshift-data-expiry", this::step);

    Expiry(StatementStore store, ResultPages pages, InstantSource clock) {
        this.store = store;
        this.pages = pages;
        this.clock = clock;
    }

    void start() {
        sweeps.enqueue("expired");
    }

    private void step(String key) {
        if (store.database().replicas().leads()) {
            sweep();
        }
        sweeps.enqueueAfter(key, EVERY);
    }

    /** Removes what is due now: results first, so that what remains after a crash is found again. */
    void sweep() {
        List<Stored<DescribeStatementResponse>> due;
        do {
            due = store.statements()
                    .listByIndexUpTo(StatementStore.EXPIRES, StatementStore.moment(clock.instant()), BATCH);
            for (Stored<DescribeStatementResponse> one : due) {
                pages.remove(one.name());
                store.database().write(tx -> {
                    var found = store.statements().find(tx, one.scope(), one.name());
                    if (found.isPresent()) {
                        store.statements().delete(tx, found.get());
                    }
                    return one;
                });
            }
        } while (!due.isEmpty());
    }

    @Override
    public void close() {
        sweeps.close();
    }
}
