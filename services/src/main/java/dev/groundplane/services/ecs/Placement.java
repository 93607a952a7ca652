package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Resource;

/**
 * Chooses container instances for the tasks of one launch. Works on what the instances had left when it began, less what it
 * has placed itself. Not thread-safe: it belongs to one transaction.
 */
final class Placement {
    private static final String UNSATISFIED = "MemberOf placement constraint unsatisfied.";

    private final List<Stored<ContainerInstance>> candidates;
    private final PlacementConstraints constraints;
    private final Map<String, Set<String>> groups = new HashMap<>();
    private final Set<String> chosen = new HashSet<>();

    /**
     * @param constraints what an instance must satisfy besides having room
     * @param groups the groups of the tasks on each instance, by its name; may be empty when no constraint reads them
     */
    Placement(
            List<Stored<ContainerInstance>> instances,
            PlacementConstraints constraints,
            Map<String, Set<String>> groups) {
        candidates = new ArrayList<>(instances);
        this.constraints = constraints;
        groups.forEach((name, there) -> this.groups.put(name, new HashSet<>(there)));
    }

    /**
     * The instance with the most memory left that fits, now with the task's size taken from it.
     *
     * @param group the task's, which constraints see when the next one is placed
     */
    Optional<Stored<ContainerInstance>> place(TaskSize size, List<Attribute> required, String group) {
        Optional<Stored<ContainerInstance>> best = candidates.stream()
                .filter(c -> misfit(c.value(), size, required).isEmpty())
                .filter(this::isAllowed)
                .max(Comparator.comparingInt(c -> memoryLeft(c.value())));
        return best.map(instance -> {
            Stored<ContainerInstance> taken = instance.with(instance.value().toBuilder()
                    .remainingResources(size.takenFrom(instance.value().remainingResources()))
                    .pendingTasksCount(instance.value().pendingTasksCount() + 1)
                    .build());
            candidates.set(candidates.indexOf(instance), taken);
            chosen.add(instance.name());
            groups.computeIfAbsent(instance.name(), n -> new HashSet<>()).add(group);
            return taken;
        });
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

    private boolean isAllowed(Stored<ContainerInstance> instance) {
        return !(constraints.distinctInstance() && chosen.contains(instance.name()))
                && constraints.select(
                        QueriedInstance.of(instance.value(), groups.getOrDefault(instance.name(), Set.of())));
    }

    private static Optional<String> misfit(ContainerInstance instance, TaskSize size, List<Attribute> required) {
        if (!Boolean.TRUE.equals(instance.agentConnected())) {
            return Optional.of("AGENT");
        }
        for (Attribute attribute : required) {
            if (instance.attributes().stream().noneMatch(a -> a.name().equals(attribute.name()))) {
                return Optional.of("ATTRIBUTE");
            }
        }
        return size.misfit(instance.remainingResources());
    }

    private static int memoryLeft(ContainerInstance instance) {
        return instance.remainingResources().stream()
                .filter(r -> r.name().equals("MEMORY"))
                .mapToInt(Resource::integerValue)
                .sum();
    }
}
