package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * What RunTask, StartTask and services have in common.
 *
 * @param propagateTags whether the definition's tags become the tasks'
 * @param extra what is kept beside each task
 */
record LaunchRequest(
        @Nullable String taskDefinition,
        TaskOverride overrides,
        @Nullable String startedBy,
        @Nullable String group,
        List<Tag> tags,
        boolean propagateTags,
        LaunchType launchType,
        Map<String, String> extra) {

    /** What the groups of services' tasks begin with. */
    static final String SERVICE_GROUP = "service:";

    private static final int MAX_REFERENCE = 1024;

    private static final TaskOverride NO_OVERRIDES =
            TaskOverride.builder().containerOverrides(List.of()).build();

    LaunchRequest {
        if (startedBy != null && !startedBy.matches("[a-zA-Z0-9_/-]{1,128}")) {
            throw EcsErrors.invalidParameter(
                    "startedBy '%s' must be 1 to 128 letters, digits, hyphens, slashes and underscores.", startedBy);
        }
    }

    /** The group of a service's tasks. */
    static String groupOf(Service service) {
        return SERVICE_GROUP + service.serviceName();
    }

    /** One task of a service's deployment. */
    static LaunchRequest of(Stored<Service> stored, Deployment deployment) {
        Service service = stored.value();
        return new LaunchRequest(
                deployment.taskDefinition(),
                NO_OVERRIDES,
                deployment.id(),
                groupOf(service),
                ServiceTags.ofTasks(service),
                service.propagateTags() == PropagateTags.TASK_DEFINITION,
                service.launchType(),
                Map.of(EcsStore.SERVICE, stored.name()));
    }

    static LaunchRequest of(RunTaskRequest request) {
        checkReference(request.referenceId());
        return new LaunchRequest(
                request.taskDefinition(),
                Objects.requireNonNullElse(request.overrides(), NO_OVERRIDES),
                request.startedBy(),
                request.group(),
                withManaged(request.tags(), request.enableECSManagedTags(), request.cluster()),
                propagates(request.propagateTags()),
                Objects.requireNonNullElse(request.launchType(), LaunchType.EXTERNAL),
                Map.of());
    }

    static LaunchRequest of(StartTaskRequest request) {
        checkReference(request.referenceId());
        return new LaunchRequest(
                request.taskDefinition(),
                Objects.requireNonNullElse(request.overrides(), NO_OVERRIDES),
                request.startedBy(),
                request.group(),
                withManaged(request.tags(), request.enableECSManagedTags(), request.cluster()),
                propagates(request.propagateTags()),
                LaunchType.EXTERNAL,
                Map.of());
    }

    /** It is the caller's own; ECS shows it nowhere. */
    private static void checkReference(@Nullable String reference) {
        if (reference != null && reference.length() > MAX_REFERENCE) {
            throw EcsErrors.invalidParameter(
                    "referenceId must have at most %d characters, found %d.", MAX_REFERENCE, reference.length());
        }
    }

    private static boolean propagates(@Nullable PropagateTags asked) {
        if (asked == PropagateTags.SERVICE || asked == PropagateTags.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter(
                    "propagateTags must be TASK_DEFINITION or NONE for a task that is not a service's.");
        }
        return asked == PropagateTags.TASK_DEFINITION;
    }

    private static List<Tag> withManaged(List<Tag> tags, @Nullable Boolean managed, @Nullable String cluster) {
        if (!Boolean.TRUE.equals(managed)) {
            return tags;
        }
        List<Tag> all = new ArrayList<>(tags);
        all.add(ServiceTags.cluster(EcsNames.cluster(cluster)));
        return all;
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
            ContainerRules.checkEnvironmentFiles(override.name(), override.environmentFiles());
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
