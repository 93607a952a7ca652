package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.ecs.Replica.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.DeploymentConfiguration;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * One comparison of what a service wants with what it has, and what follows from it, in one transaction. Not thread-safe.
 * Running it again when nothing has changed changes nothing.
 */
final class ServiceStep {
    /** Extra of a service that has said that it is where it should be. */
    static final String STEADY = "steady";
    /** Extra of a service: what keeps it from getting further, which it says once. */
    static final String OBSTACLE = "obstacle";

    /** How many tasks a step starts, so that other writes need not wait for long. */
    private static final int BATCH = 50;

    private static final int FEWEST_FAILURES = 3;
    private static final int MOST_FAILURES = 200;

    private final EcsStore store;
    private final Transaction tx;
    private final ServiceFleet fleet;
    private final Instant now;
    private final ServiceEvents events;
    private final Stored<Service> before;
    private Stored<Service> stored;
    private Deployments deployments;
    private Throttle throttle;
    private @Nullable Instant next;
    private boolean waits;

    ServiceStep(EcsStore store, Transaction tx, ServiceFleet fleet, Stored<Service> stored, Instant now) {
        this.store = store;
        this.tx = tx;
        this.fleet = fleet;
        this.now = now;
        this.before = stored;
        this.stored = stored;
        this.events = new ServiceEvents(stored.value(), now);
        this.deployments = new Deployments(stored.value().deployments());
        this.throttle = Throttle.of(stored);
    }

    /** Takes the step. */
    Outlook run() throws SQLException {
        fleet.ended().forEach(this::count);
        if (Services.DRAINING.equals(stored.value().status())) {
            drain();
        } else {
            breakCircuit();
            calm();
            keep();
        }
        if (!fleet.stopped().isEmpty()) {
            events.stopped(fleet.stopped());
        }
        if (!fleet.started().isEmpty()) {
            events.started(fleet.started());
        }
        store();
        return new Outlook(Optional.ofNullable(next).map(at -> Duration.between(now, at)), waits);
    }

    private void store() throws SQLException {
        Service changed = stored.value().toBuilder()
                .deployments(deployments.all())
                .taskDefinition(deployments.primary().taskDefinition())
                .events(events.events())
                .build();
        stored = throttle.kept(stored.with(changed));
        if (!stored.equals(before)) {
            store.services().update(tx, stored);
        }
    }

    /** Counts the end of a task. */
    private void count(Task task) {
        if (!ServiceTasks.failed(task)) {
            return;
        }
        Throttle earlier = throttle;
        throttle = throttle.failed(task.createdAt(), now);
        if (throttle.rounds() > earlier.rounds() && throttle.rounds() == Throttle.IMPAIRED) {
            events.impaired();
        }
        deployments
                .find(task.startedBy())
                .filter(d -> d.rolloutState() == DeploymentRolloutState.IN_PROGRESS)
                .ifPresent(d -> deployments = deployments.with(
                        d.toBuilder().failedTasks(failures(d) + 1).build()));
    }

    private static int failures(Deployment deployment) {
        return Objects.requireNonNullElse(deployment.failedTasks(), 0);
    }

    private void drain() throws SQLException {
        for (Replica replica : fleet.replicas(deployments.primary())) {
            if (!replica.is(Phase.STOPPING)) {
                fleet.stop(replica);
            }
        }
        if (fleet.isEmpty()) {
            stored = stored.with(
                            stored.value().toBuilder().status(Services.INACTIVE).build())
                    .withExtra(EcsStore.EXPIRES, EcsStore.expiry(now.plus(TaskExpiry.KEPT)));
        }
    }

    /** Source: Amazon ECS Developer Guide, "How the Amazon ECS deployment circuit breaker detects failures". */
    private void breakCircuit() throws SQLException {
        Deployment primary = deployments.primary();
        if (primary.rolloutState() != DeploymentRolloutState.IN_PROGRESS || failures(primary) == 0) {
            return;
        }
        boolean oneIsReady = fleet.replicas(primary).stream().anyMatch(r -> r.current() && r.is(Phase.READY));
        if (oneIsReady && !fleet.isChecked(primary.taskDefinition())) {
            deployments = deployments.with(primary.toBuilder().failedTasks(0).build());
            return;
        }
        DeploymentCircuitBreaker breaker =
                stored.value().deploymentConfiguration().deploymentCircuitBreaker();
        if (breaker == null
                || !Boolean.TRUE.equals(breaker.enable())
                || failures(primary) < threshold(primary.desiredCount())) {
            return;
        }
        Optional<Deployment> target = deployments.lastCompleted();
        deployments = deployments.fail(now);
        events.failed(primary);
        if (Boolean.TRUE.equals(breaker.rollback()) && target.isPresent()) {
            deployments = deployments.rollBack(target.get(), stored.value().desiredCount(), now);
            events.rollingBack(target.get());
            throttle = Throttle.NONE;
        }
    }

    /** Half the desired count, rounded up, from 3 to 200. */
    static int threshold(int desired) {
        return Math.clamp((desired + 1) / 2, FEWEST_FAILURES, MOST_FAILURES);
    }

    private void calm() throws SQLException {
        for (Replica replica : fleet.replicas(deployments.primary())) {
            if (replica.current() && replica.is(Phase.READY)) {
                throttle = throttle.succeeded(Instant.ofEpochMilli(replica.created()));
            }
        }
    }

    private void keep() throws SQLException {
        boolean complete =
                stored.value().schedulingStrategy() == SchedulingStrategy.DAEMON ? keepDaemons() : keepReplicas();
        Deployment primary = deployments.primary();
        if (complete && primary.rolloutState() == DeploymentRolloutState.IN_PROGRESS) {
            deployments = deployments.complete(now);
            events.completed(primary);
        }
        if (complete && !stored.extra().containsKey(STEADY)) {
            events.steady();
        }
        stored = stored.withExtra(STEADY, complete ? "true" : null);
        Optional<Deployment> fallback = complete ? Optional.empty() : deployments.lastCompleted();
        deployments =
                deployments.keep(d -> fleet.hasTasksOf(d) || Optional.of(d).equals(fallback));
        fleet.nextPhase(fleet.replicas(primary)).ifPresent(this::lookAt);
    }

    /** @return whether the service is where it should be */
    private boolean keepReplicas() throws SQLException {
        Deployment primary = deployments.primary();
        DeploymentConfiguration bounds = stored.value().deploymentConfiguration();
        RollingUpdate update = RollingUpdate.of(
                stored.value().desiredCount(), bounds.minimumHealthyPercent(), bounds.maximumPercent());
        int starts = update.starts(fleet.replicas(primary));
        boolean allowed = mayStart(update.missing(fleet.replicas(primary)));
        Optional<Unplaced> unplaced = allowed ? fleet.start(primary, Math.min(starts, BATCH)) : Optional.empty();
        if (allowed && starts > BATCH && unplaced.isEmpty()) {
            lookAt(now);
        }
        List<Replica> replicas = fleet.replicas(primary);
        boolean cramped = unplaced.isPresent() && unplaced.get().cramped();
        List<Replica> stops = update.stops(replicas, cramped, allowed);
        for (Replica replica : stops) {
            fleet.stop(replica);
        }
        String deadlock = update.isDeadlocked(replicas) ? ServiceEvents.DEADLOCK : null;
        say(unplaced.map(Unplaced::message).orElse(deadlock), update.missing(replicas) == 0);
        return replicas.size() == update.wanted()
                && stops.isEmpty()
                && replicas.stream().allMatch(r -> r.current() && r.is(Phase.READY));
    }

    /** @return whether the service is where it should be */
    private boolean keepDaemons() throws SQLException {
        Deployment primary = deployments.primary();
        DeploymentConfiguration bounds = stored.value().deploymentConfiguration();
        List<Replica> replicas = fleet.replicas(primary);
        Set<String> leaving = fleet.leaving(replicas);
        DaemonUpdate update = DaemonUpdate.of(
                fleet.suiting(primary, replicas), leaving, bounds.minimumHealthyPercent(), bounds.maximumPercent());
        int wanted = update.suiting().size();
        stored = stored.with(stored.value().toBuilder().desiredCount(wanted).build());
        deployments = deployments.desired(wanted, now);
        Set<String> starts = update.starts(replicas);
        Optional<Unplaced> unplaced = Optional.empty();
        if (mayStart(starts.size())) {
            unplaced = fleet.startOn(
                    deployments.primary(), starts.stream().limit(BATCH).collect(Collectors.toSet()));
            if (starts.size() > BATCH) {
                lookAt(now);
            }
        }
        replicas = fleet.replicas(primary);
        List<Replica> stops = update.stops(replicas);
        for (Replica replica : stops) {
            fleet.stop(replica);
        }
        say(
                unplaced.map(Unplaced::message).orElse(null),
                update.missing(replicas).isEmpty());
        return stops.isEmpty()
                && update.missing(replicas).isEmpty()
                && replicas.stream()
                        .filter(r -> !leaving.contains(r.instance()))
                        .allMatch(r -> r.current() && r.is(Phase.READY));
    }

    /** Whether starts are allowed now: the deployment has not failed and no pause is on. */
    private boolean mayStart(int missing) {
        if (deployments.primary().rolloutState() == DeploymentRolloutState.FAILED) {
            return false;
        }
        boolean paused = throttle.until().isAfter(now);
        if (paused && missing > 0) {
            lookAt(throttle.until());
        }
        return !paused;
    }

    /** Says what keeps the service from getting further, once. */
    private void say(@Nullable String obstacle, boolean nothingMissing) {
        waits = obstacle != null;
        if (obstacle != null && !obstacle.equals(stored.extra().get(OBSTACLE))) {
            events.obstacle(obstacle);
            stored = stored.withExtra(OBSTACLE, obstacle);
        } else if (nothingMissing) {
            stored = stored.withExtra(OBSTACLE, null);
        }
    }

    private void lookAt(Instant at) {
        if (next == null || at.isBefore(next)) {
            next = at;
        }
    }

    /**
     * What a service waits for.
     *
     * @param again when to look again although nothing has changed; empty when a change is all there is to wait for
     * @param forRoom whether tasks are missing that no instance could take
     */
    record Outlook(Optional<Duration> again, boolean forRoom) {}
}
