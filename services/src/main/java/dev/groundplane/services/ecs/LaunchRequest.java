package dev.groundplane.services.ecs;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** What RunTask and StartTask have in common. */
record LaunchRequest(
        @Nullable String taskDefinition,
        TaskOverride overrides,
        @Nullable String startedBy,
        @Nullable String group,
        List<Tag> tags,
        boolean propagateTags,
        LaunchType launchType) {

    private static final TaskOverride NO_OVERRIDES =
            TaskOverride.builder().containerOverrides(List.of()).build();

    LaunchRequest {
        if (startedBy != null && !startedBy.matches("[a-zA-Z0-9_/-]{1,128}")) {
            throw EcsErrors.invalidParameter(
                    "startedBy '%s' must be 1 to 128 letters, digits, hyphens, slashes and underscores.", startedBy);
        }
    }

    static LaunchRequest of(RunTaskRequest request) {
        return new LaunchRequest(
                request.taskDefinition(),
                Objects.requireNonNullElse(request.overrides(), NO_OVERRIDES),
                request.startedBy(),
                request.group(),
                request.tags(),
                request.propagateTags() == PropagateTags.TASK_DEFINITION,
                Objects.requireNonNullElse(request.launchType(), LaunchType.EXTERNAL));
    }

    static LaunchRequest of(StartTaskRequest request) {
        return new LaunchRequest(
                request.taskDefinition(),
                Objects.requireNonNullElse(request.overrides(), NO_OVERRIDES),
                request.startedBy(),
                request.group(),
                request.tags(),
                request.propagateTags() == PropagateTags.TASK_DEFINITION,
                LaunchType.EXTERNAL);
    }

    /** The definition's containers with the overrides laid over them. */
    List<ContainerDefinition> containers(TaskDefinition definition) {
        for (ContainerOverride override : overrides.containerOverrides()) {
            boolean known = definition.containerDefinitions().stream()
                    .anyMatch(c -> c.name().equals(override.name()));
            if (!known) {
                throw EcsErrors.invalidParameter(
                        "Override for container named %s is not a container in the TaskDefinition.", override.name());
            }
            atLeast(0, override.cpu(), override.name(), "cpu");
            atLeast(TaskDefinitionRules.MIN_MEMORY, override.memory(), override.name(), "memory");
            atLeast(TaskDefinitionRules.MIN_MEMORY, override.memoryReservation(), override.name(), "memoryReservation");
        }
        return Overrides.apply(definition.containerDefinitions(), overrides);
    }

    private static void atLeast(int least, @Nullable Integer value, String container, String field) {
        if (value != null && value < least) {
            throw EcsErrors.invalidParameter(
                    "Override for container '%s': %s must be at least %d, found %d.", container, field, least, value);
        }
    }
}
