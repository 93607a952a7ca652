package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
    private final List<Stored<ContainerInstance>> candidates;
    private final Set<String> chosen = new HashSet<>();

    Placement(List<Stored<ContainerInstance>> instances) {
        candidates = new ArrayList<>(instances);
    }

    /**
     * The instance with the most memory left that fits, now with the task's size taken from it.
     *
     * @param distinct whether instances that were chosen before are left out
     */
    Optional<Stored<ContainerInstance>> place(TaskSize size, List<Attribute> required, boolean distinct) {
        Optional<Stored<ContainerInstance>> best = candidates.stream()
                .filter(c -> !distinct || !chosen.contains(c.name()))
                .filter(c -> misfit(c.value(), size, required).isEmpty())
                .max(Comparator.comparingInt(c -> memoryLeft(c.value())));
        return best.map(instance -> {
            Stored<ContainerInstance> taken = instance.with(instance.value().toBuilder()
                    .remainingResources(size.takenFrom(instance.value().remainingResources()))
                    .pendingTasksCount(instance.value().pendingTasksCount() + 1)
                    .build());
            candidates.set(candidates.indexOf(instance), taken);
            chosen.add(instance.name());
            return taken;
        });
    }

    /** The instances that tasks were placed on, as they are now. */
    List<Stored<ContainerInstance>> touched() {
        return candidates.stream().filter(c -> chosen.contains(c.name())).toList();
    }

    /** Why each instance cannot take the task. */
    List<Failure> failures(TaskSize size, List<Attribute> required, boolean distinct) {
        return candidates.stream()
                .map(c -> Failure.builder()
                        .arn(c.value().containerInstanceArn())
                        .reason(misfit(c.value(), size, required)
                                .orElse(distinct ? "memberOf placement constraint unsatisfied." : "AGENT"))
                        .build())
                .toList();
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
