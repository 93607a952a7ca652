package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Sends connected agents new credentials of their tasks' roles well before the old ones end. One timer per instance, set to
 * the task that is due first; an instance whose tasks have no roles has none.
 */
final class RoleRenewal implements AutoCloseable {
    private final EcsStore store;
    private final RoleSessions roles;
    private final Function<InstanceKey, Optional<AgentSession>> sessions;
    private final InstantSource clock;
    private final Reconciler<InstanceKey> reconciler = new Reconciler<>("role-renewal", this::renew);
    private final Map<InstanceKey, ScheduledFuture<?>> timers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("role-renewal-timer").factory());

    /** @param sessions the connection of an instance, if it has one */
    RoleRenewal(
            EcsStore store,
            RoleSessions roles,
            Function<InstanceKey, Optional<AgentSession>> sessions,
            InstantSource clock) {
        this.store = store;
        this.roles = roles;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Looks when the instance's next task is due and sets its timer. */
    void schedule(InstanceKey key, AgentSession session) {
        timers.compute(key, (k, old) -> {
            if (old != null) {
                old.cancel(false);
            }
            return session.nextRenewal().map(due -> timer(key, due)).orElse(null);
        });
    }

    private ScheduledFuture<?> timer(InstanceKey key, Instant due) {
        long wait = Math.max(0, Duration.between(clock.instant(), due).toMillis() + 1);
        return timer.schedule(() -> reconciler.enqueue(key), wait, TimeUnit.MILLISECONDS);
    }

    private void renew(InstanceKey key) {
        Optional<AgentSession> session = sessions.apply(key);
        if (session.isEmpty()) {
            timers.remove(key);
            return;
        }
        for (String taskArn : session.get().renewalsDue(clock.instant())) {
            renew(key, session.get(), taskArn);
        }
        schedule(key, session.get());
    }

    private void renew(InstanceKey key, AgentSession session, String taskArn) {
        Optional<Stored<Task>> stored = store.tasks()
                .find(key.scope(), EcsNames.name(taskArn))
                .filter(task -> !"STOPPED".equals(task.value().lastStatus()));
        if (stored.isEmpty()) {
            session.renewAt(taskArn, null);
            return;
        }
        RoleSessions.Credentials fresh = roles.of(stored.get(), store.definition(stored.get()));
        if (fresh.task() != null) {
            session.sendCredentials(taskArn, "TaskApplication", fresh.task());
        }
        if (fresh.execution() != null) {
            session.sendCredentials(taskArn, "TaskExecution", fresh.execution());
        }
        session.renewAt(taskArn, fresh.renewAt());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        reconciler.close();
    }
}
