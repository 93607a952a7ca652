package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/** Removes secrets, with all their versions, once their recovery window has passed. */
final class SecretExpiry implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int BATCH = 50;

    private final SecretStore store;
    private final InstantSource clock;
    private final Reconciler<String> sweeps = new Reconciler<>("secret-expiry", this::step);

    SecretExpiry(SecretStore store, InstantSource clock) {
        this.store = store;
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

    /** Removes what is due now. A secret that was restored in the meantime stays. */
    void sweep() {
        String now = SecretStore.expiry(clock.instant());
        List<Stored<SecretListEntry>> due = store.secrets().listByIndexUpTo(SecretStore.EXPIRES, now, BATCH);
        while (!due.isEmpty()) {
            for (Stored<SecretListEntry> one : due) {
                store.database().write(tx -> {
                    var found = store.secrets().find(tx, one.scope(), one.name());
                    if (found.isPresent() && found.get().version() == one.version()) {
                        store.remove(tx, new Secret(found.get()));
                    }
                    return true;
                });
            }
            due = store.secrets().listByIndexUpTo(SecretStore.EXPIRES, now, BATCH);
        }
    }

    @Override
    public void close() {
        sweeps.close();
    }
}
