package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * Brings each service to what is wanted of it, one step at a time, whenever something that it depends on changes. Only the
 * control plane that leads does: others would take the same steps, to no end.
 */
final class ServiceScheduler implements AutoCloseable {
    private final EcsStore store;
    private final TaskDefinitions definitions;
    private final Tasks tasks;
    private final InstantSource clock;
    private final Set<ServiceKey> waiting = ConcurrentHashMap.newKeySet();
    private final Reconciler<ServiceKey> reconciler = new Reconciler<>("services", this::reconcile);

    ServiceScheduler(EcsStore store, TaskDefinitions definitions, Tasks tasks, InstantSource clock) {
        this.store = store;
        this.definitions = definitions;
        this.tasks = tasks;
        this.clock = clock;
    }

    /** Something changed for this service. Returns at once. */
    void enqueue(ServiceKey key) {
        if (store.leads()) {
            reconciler.enqueue(key);
        }
    }

    /** The services whose missing tasks no instance could take. */
    Set<ServiceKey> waiting() {
        return waiting;
    }

    private void reconcile(ServiceKey key) {
        if (!store.leads()) {
            return;
        }
        step(key).ifPresent(pause -> reconciler.enqueueAfter(key, pause.plusMillis(1)));
    }

    /**
     * Takes one step.
     *
     * @return after what time to take another although nothing has changed
     */
    Optional<Duration> step(ServiceKey key) {
        ServiceStep.Outlook outlook = store.database().write(tx -> {
            Optional<Stored<Service>> stored = store.services().find(tx, key.scope(), key.name());
            if (stored.isEmpty()
                    || Services.INACTIVE.equals(stored.get().value().status())) {
                return new ServiceStep.Outlook(Optional.empty(), false);
            }
            Instant now = clock.instant();
            ServiceFleet fleet = new ServiceFleet(store, definitions, tasks, tx, stored.get(), now);
            return new ServiceStep(store, tx, fleet, stored.get(), now).run();
        });
        if (outlook.forRoom()) {
            waiting.add(key);
        } else {
            waiting.remove(key);
        }
        return outlook.again();
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
