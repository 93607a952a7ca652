package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Removes stopped tasks, deleted services and used launch tokens once nobody can expect them any more. */
final class TaskExpiry implements AutoCloseable {
    /** How long a stopped task stays describable; AWS promises at least an hour. */
    static final Duration KEPT = Duration.ofHours(1);

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int BATCH = 500;

    private final EcsStore store;
    private final InstantSource clock;
    private final Reconciler<String> sweeps = new Reconciler<>("ecs-expiry", _ -> sweep());

    TaskExpiry(EcsStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void start() {
        sweeps.enqueue("expired");
    }

    private void sweep() {
        if (store.leads()) {
            String now = EcsStore.expiry(clock.instant());
            remove(store.tasks(), now);
            remove(store.launchTokens(), now);
            remove(store.services(), now);
        }
        sweeps.enqueueAfter("expired", EVERY);
    }

    private <T> void remove(Resources<T> resources, String now) {
        List<Stored<T>> expired = resources.listByIndexUpTo(EcsStore.EXPIRES, now, BATCH);
        while (!expired.isEmpty()) {
            List<Stored<T>> batch = expired;
            store.database().write(tx -> {
                for (Stored<T> stored : batch) {
                    resources.delete(tx, stored);
                }
                return batch.size();
            });
            expired = resources.listByIndexUpTo(EcsStore.EXPIRES, now, BATCH);
        }
    }

    @Override
    public void close() {
        sweeps.close();
    }
}
