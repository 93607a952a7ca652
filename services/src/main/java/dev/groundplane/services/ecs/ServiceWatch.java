package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Decides which services a change concerns: a task's its own service, and those that wait for room when it has stopped; an
 * instance's all of its cluster, when it changed in what placement looks at and not only in what is left of it. Only the
 * control plane that leads looks.
 */
final class ServiceWatch implements AutoCloseable {
    private final EcsStore store;
    private final Consumer<ServiceKey> wake;
    private final Supplier<Set<ServiceKey>> waiting;
    private final Map<InstanceKey, List<Object>> seen = new ConcurrentHashMap<>();
    private final Reconciler<ResourceChange> tasks = new Reconciler<>("service-tasks", this::taskChanged);
    private final Reconciler<InstanceKey> instances = new Reconciler<>("service-instances", this::instanceChanged);

    /**
     * @param wake called with each service that a change concerns
     * @param waiting the services that wait for room
     */
    ServiceWatch(EcsStore store, Events events, Consumer<ServiceKey> wake, Supplier<Set<ServiceKey>> waiting) {
        this.store = store;
        this.wake = wake;
        this.waiting = waiting;
        events.subscribe(EcsStore.SERVICE_TYPE, change -> wake.accept(new ServiceKey(change.scope(), change.name())));
        events.subscribe(EcsStore.TASK_TYPE, change -> {
            if (store.leads()) {
                tasks.enqueue(change);
            }
        });
        events.subscribe(EcsStore.INSTANCE_TYPE, change -> {
            if (store.leads()) {
                instances.enqueue(InstanceKey.of(change));
            }
        });
    }

    /** Wakes every service: what happened while this control plane did not watch is not known. */
    void start() {
        for (Stored<Service> service : store.services().all()) {
            wake.accept(new ServiceKey(service.scope(), service.name()));
        }
    }

    private void taskChanged(ResourceChange change) {
        if (store.services().list(change.scope(), "", "", 1).items().isEmpty()) {
            return; // a service that is made now looks at all tasks itself
        }
        Optional<Stored<Task>> task = store.tasks().find(change.scope(), change.name());
        if (task.isEmpty()) {
            return;
        }
        String service = task.get().extra().get(EcsStore.SERVICE);
        if (service != null) {
            wake.accept(new ServiceKey(change.scope(), service));
        }
        if ("STOPPED".equals(task.get().value().lastStatus())) {
            String cluster = EcsNames.name(task.get().value().clusterArn());
            boolean everybodys = ReservedClusters.isReserved(cluster);
            waiting.get().stream()
                    .filter(key -> key.scope().equals(change.scope())
                            && (everybodys
                                    || key.cluster().equals(cluster)
                                    || ReservedClusters.isReserved(key.cluster())))
                    .forEach(wake);
            wakeDaemons(
                    change.scope(), cluster, EcsNames.name(task.get().value().containerInstanceArn()));
        }
    }

    /** The last other task has gone from a draining instance, maybe: DAEMON services may leave it now. */
    private void wakeDaemons(Scope scope, String cluster, String instance) {
        boolean draining = store.instances()
                .find(scope, instance)
                .filter(i -> "DRAINING".equals(i.value().status()))
                .isPresent();
        if (draining) {
            wakeAll(scope, cluster + "/");
        }
    }

    private void instanceChanged(InstanceKey key) {
        Optional<Stored<ContainerInstance>> stored = store.instances().find(key.scope(), key.name());
        if (stored.isEmpty()) {
            return;
        }
        ContainerInstance instance = stored.get().value();
        List<Object> now = List.of(
                instance.status(),
                Boolean.TRUE.equals(instance.agentConnected()),
                instance.registeredResources(),
                instance.attributes().stream().map(Attribute::toString).toList());
        if (!now.equals(seen.put(key, now))) {
            wakeAll(key.scope(), key.name().substring(0, key.name().indexOf('/') + 1));
            wakeAll(key.scope(), ReservedClusters.sharing());
        }
    }

    private void wakeAll(Scope scope, String prefix) {
        store.services()
                .list(scope, prefix, "", Resources.ALL)
                .items()
                .forEach(s -> wake.accept(new ServiceKey(scope, s.name())));
    }

    @Override
    public void close() {
        tasks.close();
        instances.close();
    }
}
