package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * Tells each connected instance what it should run and stop: compares its stored tasks with what went over the current
 * connection and sends the difference. A new connection gets everything again; agents know what they know already.
 */
final class TaskDelivery implements AutoCloseable {
    private static final int MAX_PER_PAYLOAD = 100;

    private final EcsStore store;
    private final RoleSessions roles;
    private final RoleRenewal renewal;
    private final Function<InstanceKey, Optional<AgentSession>> sessions;
    private final InstantSource clock;
    private final Reconciler<InstanceKey> reconciler = new Reconciler<>("task-delivery", this::deliver);

    /**
     * @param sessions the connection of an instance, if it has one
     * @param clock numbers the manifests
     */
    TaskDelivery(
            EcsStore store,
            RoleSessions roles,
            Function<InstanceKey, Optional<AgentSession>> sessions,
            InstantSource clock) {
        this.store = store;
        this.roles = roles;
        this.renewal = new RoleRenewal(store, roles, sessions, clock);
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Something changed for this instance. Returns at once. */
    void enqueue(InstanceKey key) {
        reconciler.enqueue(key);
    }

    private void deliver(InstanceKey key) {
        sessions.apply(key).ifPresent(session -> deliver(key, session));
    }

    private void deliver(InstanceKey key, AgentSession session) {
        Set<String> active = active(key);
        List<Stored<Task>> news = news(key, session, active);
        for (int from = 0; from < news.size(); from += MAX_PER_PAYLOAD) {
            send(key, session, news.subList(from, Math.min(news.size(), from + MAX_PER_PAYLOAD)));
        }
        if (session.takeManifestDue()) {
            sendManifest(key, session, active);
        }
        session.forget(active);
        renewal.schedule(key, session);
    }

    /** The ARNs of all tasks that the instance runs or should run; lost ones were replaced and must not go on there. */
    private Set<String> active(InstanceKey key) {
        Set<String> arns = new HashSet<>();
        for (String index : List.of(EcsStore.ACTIVE_ON, EcsStore.LOST_ON)) {
            arns.addAll(on(index, key));
        }
        return arns;
    }

    /**
     * The tasks of which the agent has to be told. An instance has many that it knows of, so only what may be news is read:
     * tasks that never went over this connection, and those that are wanted stopped.
     */
    private List<Stored<Task>> news(InstanceKey key, AgentSession session, Set<String> active) {
        Stream<String> unknown = active.stream().filter(arn -> !session.knows(arn));
        return tasks(
                        key,
                        Stream.concat(unknown, on(EcsStore.STOPPING_ON, key).stream())
                                .distinct())
                .filter(task -> session.isNew(task.value()))
                .toList();
    }

    private Stream<Stored<Task>> tasks(InstanceKey key, Stream<String> arns) {
        return arns.flatMap(arn -> store.tasks().find(key.scope(), EcsNames.name(arn)).stream());
    }

    /** After the tasks themselves, so that the agent knows all that the manifest names. */
    private void sendManifest(InstanceKey key, AgentSession session, Set<String> active) {
        String cluster = key.name().substring(0, key.name().lastIndexOf('/'));
        session.sendManifest(
                key.scope().arn("ecs", "cluster/" + cluster),
                clock.millis(),
                tasks(key, active.stream()).map(Stored::value).toList());
    }

    /**
     * Which tasks an agent has to stop: those that it has and that are not its own, or no longer.
     *
     * @param candidates ARNs that its manifest did not name
     */
    List<String> strangers(InstanceKey key, List<String> candidates) {
        return candidates.stream()
                .filter(arn -> store.tasks()
                        .find(key.scope(), EcsNames.name(arn))
                        .filter(task -> isWantedOn(key, task.value()))
                        .isEmpty())
                .toList();
    }

    private static boolean isWantedOn(InstanceKey key, Task task) {
        return !"STOPPED".equals(task.lastStatus()) && key.name().equals(EcsNames.name(task.containerInstanceArn()));
    }

    private List<String> on(String index, InstanceKey key) {
        return store.tasks().namesByIndex(key.scope(), index, key.name()).stream()
                .map(name -> key.scope().arn("ecs", "task/" + name))
                .toList();
    }

    private void send(InstanceKey key, AgentSession session, List<Stored<Task>> tasks) {
        List<Task> sent = new ArrayList<>();
        List<TaskPayload> payload = new ArrayList<>();
        for (Stored<Task> stored : tasks) {
            boolean delivered = stored.extra().containsKey(EcsStore.DELIVERED);
            TaskDefinition definition = store.definition(stored);
            RoleSessions.Credentials credentials = roles.of(stored, definition);
            if (credentials.refused() != null
                    && !delivered
                    && !"STOPPED".equals(stored.value().desiredStatus())) {
                giveUp(key, stored, credentials.refused());
                continue;
            }
            session.renewAt(stored.value().taskArn(), credentials.renewAt());
            sent.add(stored.value());
            payload.add(AgentMessages.task(stored.value(), definition, credentials, delivered));
        }
        if (!sent.isEmpty()) {
            session.send(sent.getFirst().clusterArn(), sent, payload);
        }
    }

    /** A task whose role was taken away between its launch and its delivery never starts. */
    private void giveUp(InstanceKey key, Stored<Task> stored, String role) {
        store.database().write(tx -> {
            Optional<Stored<Task>> present = store.tasks().find(tx, stored.scope(), stored.name());
            if (present.isPresent() && !"STOPPED".equals(present.get().value().desiredStatus())) {
                Task task = present.get().value();
                store.tasks()
                        .update(
                                tx,
                                present.get()
                                        .with(task.toBuilder()
                                                .desiredStatus("STOPPED")
                                                .stopCode(TaskStopCode.TASK_FAILED_TO_START)
                                                .stoppedReason(RoleRules.cannotAssume(role))
                                                .stoppingAt(clock.instant())
                                                .version(task.version() + 1)
                                                .build()));
                store.wake(tx, key);
            }
            return true;
        });
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
        renewal.close();
        reconciler.close();
    }
}
