package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * Tells each connected instance what it should run and stop: compares its stored tasks with what went over the current
 * connection and sends the difference. A new connection gets everything again; agents know what they know already.
 */
final class TaskDelivery implements AutoCloseable {
    private static final int MAX_PER_PAYLOAD = 100;

    private final EcsStore store;
    private final Function<InstanceKey, Optional<AgentSession>> sessions;
    private final Reconciler<InstanceKey> reconciler = new Reconciler<>("task-delivery", this::deliver);

    /** @param sessions the connection of an instance, if it has one */
    TaskDelivery(EcsStore store, Function<InstanceKey, Optional<AgentSession>> sessions) {
        this.store = store;
        this.sessions = sessions;
    }

    /** Something changed for this instance. Returns at once. */
    void enqueue(InstanceKey key) {
        reconciler.enqueue(key);
    }

    private void deliver(InstanceKey key) {
        sessions.apply(key).ifPresent(session -> deliver(key, session));
    }

    private void deliver(InstanceKey key, AgentSession session) {
        List<Stored<Task>> active = store.tasks()
                .listByIndex(key.scope(), EcsStore.ACTIVE_ON, key.name(), "", Resources.ALL)
                .items();
        List<Stored<Task>> news =
                active.stream().filter(t -> session.isNew(t.value())).toList();
        for (int from = 0; from < news.size(); from += MAX_PER_PAYLOAD) {
            send(session, news.subList(from, Math.min(news.size(), from + MAX_PER_PAYLOAD)));
        }
        session.forget(active.stream().map(t -> t.value().taskArn()).collect(Collectors.toSet()));
    }

    private void send(AgentSession session, List<Stored<Task>> tasks) {
        List<TaskPayload> payload = new ArrayList<>();
        for (Stored<Task> stored : tasks) {
            boolean delivered = stored.extra().containsKey(EcsStore.DELIVERED);
            payload.add(AgentMessages.task(stored.value(), definition(stored), delivered));
        }
        session.send(
                tasks.getFirst().value().clusterArn(),
                tasks.stream().map(Stored::value).toList(),
                payload);
    }

    private TaskDefinition definition(Stored<Task> task) {
        String name = EcsNames.name(task.value().taskDefinitionArn());
        int colon = name.lastIndexOf(':');
        return store.taskDefinitions()
                .find(
                        task.scope(),
                        TaskDefinitions.storeName(
                                name.substring(0, colon), Integer.parseInt(name.substring(colon + 1))))
                .orElseThrow()
                .value();
    }

    /** The agent has journaled these tasks: from now on, not knowing them means that it lost them. */
    void delivered(Scope scope, List<String> taskArns) {
        Set<String> names = taskArns.stream().map(EcsNames::name).collect(Collectors.toSet());
        store.database().writeLater(tx -> {
            for (String name : names) {
                Optional<Stored<Task>> stored = store.tasks().find(tx, scope, name);
                if (stored.isPresent() && !stored.get().extra().containsKey(EcsStore.DELIVERED)) {
                    store.tasks().update(tx, stored.get().withExtra(EcsStore.DELIVERED, "true"));
                }
            }
            return names.size();
        });
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
