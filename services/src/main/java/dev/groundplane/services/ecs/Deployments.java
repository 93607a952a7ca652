package dev.groundplane.services.ecs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.LaunchType;

/**
 * The deployments of a service, newest first: one is PRIMARY, the others are ACTIVE until it is completed. Immutable.
 * Source: Amazon ECS API Reference, Deployment.
 */
record Deployments(List<Deployment> all) {
    /** What ids begin with; a task's {@code startedBy} is the id of its deployment. */
    static final String ID_PREFIX = "ecs-svc/";

    private static final String PRIMARY = "PRIMARY";
    private static final String ACTIVE = "ACTIVE";
    private static final long FIRST_ID = 1_000_000_000_000_000_000L;

    Deployments {
        all = List.copyOf(all);
    }

    Deployment primary() {
        return all.stream().filter(d -> PRIMARY.equals(d.status())).findFirst().orElseThrow();
    }

    /** A new PRIMARY one before the others. */
    Deployments begin(String taskDefinition, int desired, LaunchType launchType, Instant now) {
        String id = ID_PREFIX + ThreadLocalRandom.current().nextLong(FIRST_ID, Long.MAX_VALUE);
        Deployment deployment = Deployment.builder()
                .id(id)
                .status(PRIMARY)
                .taskDefinition(taskDefinition)
                .desiredCount(desired)
                .pendingCount(0)
                .runningCount(0)
                .failedTasks(0)
                .createdAt(now)
                .updatedAt(now)
                .launchType(launchType)
                .rolloutState(DeploymentRolloutState.IN_PROGRESS)
                .rolloutStateReason("ECS deployment %s in progress.".formatted(id))
                .build();
        List<Deployment> changed = new ArrayList<>();
        changed.add(deployment);
        all.forEach(
                d -> changed.add(d.toBuilder().status(ACTIVE).desiredCount(0).build()));
        return new Deployments(changed);
    }

    /** The PRIMARY one with another desired count. */
    Deployments desired(int desired, Instant now) {
        return primary().desiredCount() == desired
                ? this
                : with(primary().toBuilder()
                        .desiredCount(desired)
                        .updatedAt(now)
                        .build());
    }

    /** The PRIMARY one is where it should be. */
    Deployments complete(Instant now) {
        Deployment primary = primary();
        return with(primary.toBuilder()
                .rolloutState(DeploymentRolloutState.COMPLETED)
                .rolloutStateReason("ECS deployment %s completed.".formatted(primary.id()))
                .updatedAt(now)
                .build());
    }

    /** The PRIMARY one has failed and starts nothing any more. */
    Deployments fail(Instant now) {
        return with(primary().toBuilder()
                .rolloutState(DeploymentRolloutState.FAILED)
                .rolloutStateReason("ECS deployment circuit breaker: tasks failed to start.")
                .updatedAt(now)
                .build());
    }

    /** What to go back to when the PRIMARY one fails: the newest that was completed. */
    Optional<Deployment> lastCompleted() {
        return all.stream()
                .filter(d -> d.rolloutState() == DeploymentRolloutState.COMPLETED)
                .findFirst();
    }

    /** An earlier one is PRIMARY again. */
    Deployments rollBack(Deployment target, int desired, Instant now) {
        List<Deployment> changed = new ArrayList<>();
        changed.add(target.toBuilder()
                .status(PRIMARY)
                .desiredCount(desired)
                .failedTasks(0)
                .rolloutState(DeploymentRolloutState.IN_PROGRESS)
                .rolloutStateReason(
                        "ECS deployment circuit breaker: rolling back to deploymentId %s.".formatted(target.id()))
                .updatedAt(now)
                .build());
        all.stream()
                .filter(d -> !d.id().equals(target.id()))
                .forEach(d ->
                        changed.add(d.toBuilder().status(ACTIVE).desiredCount(0).build()));
        return new Deployments(changed);
    }

    /** Without the ACTIVE ones that nothing is left of. */
    Deployments keep(Predicate<Deployment> wanted) {
        return new Deployments(all.stream()
                .filter(d -> PRIMARY.equals(d.status()) || wanted.test(d))
                .toList());
    }

    Deployments with(Deployment changed) {
        return new Deployments(
                all.stream().map(d -> d.id().equals(changed.id()) ? changed : d).toList());
    }

    Optional<Deployment> find(@Nullable String id) {
        return all.stream().filter(d -> d.id().equals(id)).findFirst();
    }
}
