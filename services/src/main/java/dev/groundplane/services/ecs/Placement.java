package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;

/**
 * Chooses container instances for the tasks of one launch. Works on what the instances had left when it began, less what it
 * has placed itself. Not thread-safe: it belongs to one transaction.
 */
final class Placement {
    private static final String UNSATISFIED = "MemberOf placement constraint unsatisfied.";

    private final List<Stored<ContainerInstance>> candidates;
    private final PlacementConstraints constraints;
    private final PlacementStrategies strategies;
    private final Map<String, Map<String, Integer>> groups = new HashMap<>();
    private final Set<String> chosen = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private final Random random = new Random();

    /**
     * @param constraints what an instance must satisfy besides having room
     * @param strategies which of those with room is best
     * @param groups how many tasks of each group are on each instance, by its name; may be empty when neither constraints
     *     nor strategies read them
     */
    Placement(
            List<Stored<ContainerInstance>> instances,
            PlacementConstraints constraints,
            PlacementStrategies strategies,
            Map<String, Map<String, Integer>> groups) {
        candidates = new ArrayList<>(instances);
        this.constraints = constraints;
        this.strategies = strategies;
        groups.forEach((name, there) -> this.groups.put(name, new HashMap<>(there)));
    }

    /** Keeps further tasks off an instance. */
    void close(String instance) {
        closed.add(instance);
    }

    /**
     * The best instance that fits, now with the task's size taken from it.
     *
     * @param group the task's, which constraints and strategies see when the next one is placed
     */
    Optional<Stored<ContainerInstance>> place(TaskSize size, List<Attribute> required, String group) {
        List<Stored<ContainerInstance>> fitting = candidates.stream()
                .filter(c -> misfit(c.value(), size, required).isEmpty())
                .filter(this::isAllowed)
                .toList();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        Stored<ContainerInstance> best = strategies.best(
                fitting, candidates, name -> groups.getOrDefault(name, Map.of()).getOrDefault(group, 0), random);
        Stored<ContainerInstance> taken = best.with(best.value().toBuilder()
                .remainingResources(size.takenFrom(best.value().remainingResources()))
                .pendingTasksCount(best.value().pendingTasksCount() + 1)
                .build());
        candidates.set(candidates.indexOf(best), taken);
        chosen.add(best.name());
        groups.computeIfAbsent(best.name(), n -> new HashMap<>()).merge(group, 1, Integer::sum);
        return Optional.of(taken);
    }

    /** The instances that tasks were placed on, as they are now. */
    List<Stored<ContainerInstance>> touched() {
        return candidates.stream().filter(c -> chosen.contains(c.name())).toList();
    }

    /** Why each instance cannot take the task. */
    List<Failure> failures(TaskSize size, List<Attribute> required) {
        return candidates.stream()
                .map(c -> Failure.builder()
                        .arn(c.value().containerInstanceArn())
                        .reason(misfit(c.value(), size, required).orElse(isAllowed(c) ? "AGENT" : UNSATISFIED))
                        .build())
                .toList();
    }

    /** Whether an instance has what the definition requires and satisfies the constraints, room or not. */
    boolean suits(Stored<ContainerInstance> instance, List<Attribute> required) {
        return required.stream().allMatch(r -> has(instance.value(), r)) && isAllowed(instance);
    }

    private boolean isAllowed(Stored<ContainerInstance> instance) {
        return !closed.contains(instance.name())
                && !(constraints.distinctInstance() && chosen.contains(instance.name()))
                && constraints.select(QueriedInstance.of(
                        instance.value(),
                        groups.getOrDefault(instance.name(), Map.of()).keySet()));
    }

    private static Optional<String> misfit(ContainerInstance instance, TaskSize size, List<Attribute> required) {
        if (!Boolean.TRUE.equals(instance.agentConnected())) {
            return Optional.of("AGENT");
        }
        for (Attribute attribute : required) {
            if (!has(instance, attribute)) {
                return Optional.of("ATTRIBUTE");
            }
        }
        return size.misfit(instance.remainingResources());
    }

    private static boolean has(ContainerInstance instance, Attribute attribute) {
        return instance.attributes().stream().anyMatch(a -> a.name().equals(attribute.name()));
    }
}
