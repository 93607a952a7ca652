package dev.groundplane.services.ecs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** Lays a task's overrides over the container definitions it was started from. */
final class Overrides {
    private Overrides() {}

    static List<ContainerDefinition> apply(List<ContainerDefinition> containers, TaskOverride overrides) {
        return containers.stream().map(c -> apply(c, overrides)).toList();
    }

    private static ContainerDefinition apply(ContainerDefinition container, TaskOverride overrides) {
        ContainerDefinition.Builder merged = container.toBuilder();
        for (ContainerOverride override : overrides.containerOverrides()) {
            if (container.name().equals(override.name())) {
                if (override.hasCommand()) {
                    merged.command(override.command());
                }
                if (override.cpu() != null) {
                    merged.cpu(override.cpu());
                }
                if (override.memory() != null) {
                    merged.memory(override.memory());
                }
                if (override.memoryReservation() != null) {
                    merged.memoryReservation(override.memoryReservation());
                }
                if (override.hasEnvironmentFiles()) {
                    merged.environmentFiles(override.environmentFiles());
                }
                merged.environment(environment(container.environment(), override.environment()));
            }
        }
        return merged.build();
    }

    private static List<KeyValuePair> environment(List<KeyValuePair> defined, List<KeyValuePair> overriding) {
        Map<String, KeyValuePair> merged = new LinkedHashMap<>();
        defined.forEach(pair -> merged.put(pair.name(), pair));
        overriding.forEach(pair -> merged.put(pair.name(), pair));
        return List.copyOf(merged.values());
    }
}
