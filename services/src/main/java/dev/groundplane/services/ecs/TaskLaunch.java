package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The tasks that one call starts from one definition, in its transaction. Not thread-safe. */
final class TaskLaunch {
    private final EcsStore store;
    private final Transaction tx;
    private final Scope scope;
    private final String cluster;
    private final LaunchRequest request;
    private final TaskDefinition definition;
    private final List<Tag> definitionTags;
    private final List<ContainerDefinition> containers;
    private final TaskSize size;
    private final Instant now;
    private final List<Task> tasks = new ArrayList<>();

    /**
     * @param stored the ACTIVE definition
     * @param now when the tasks are created
     */
    TaskLaunch(
            EcsStore store,
            Transaction tx,
            Scope scope,
            String cluster,
            LaunchRequest request,
            Stored<TaskDefinition> stored,
            Instant now) {
        this.store = store;
        this.tx = tx;
        this.scope = scope;
        this.cluster = cluster;
        this.request = request;
        this.now = now;
        this.definition = stored.value();
        this.definitionTags = Tags.of(stored);
        this.containers = request.containers(definition);
        this.size = TaskSize.of(
                orElse(request.overrides().cpu(), definition.cpu()),
                orElse(request.overrides().memory(), definition.memory()),
                containers);
    }

    private static @Nullable String orElse(@Nullable String override, @Nullable String defined) {
        return override == null ? defined : override;
    }

    /** What was placed so far. */
    List<Task> tasks() {
        return tasks;
    }

    /** Where the definition wants its tasks. */
    PlacementConstraints constraints() {
        return PlacementConstraints.ofDefinition(definition.placementConstraints());
    }

    private String group() {
        return Objects.requireNonNullElse(request.group(), "family:" + definition.family());
    }

    /** What an instance must have to run the tasks. */
    List<Attribute> required() {
        return definition.requiresAttributes();
    }

    /** @return why no instance could take the task; empty when it was placed */
    List<Failure> place(Placement placement) throws SQLException {
        Optional<Stored<ContainerInstance>> instance = placement.place(size, definition.requiresAttributes(), group());
        if (instance.isEmpty()) {
            return placement.failures(size, definition.requiresAttributes());
        }
        Task task = task(instance.get().value());
        store.tasks().insert(tx, scope, EcsNames.name(task.taskArn()), task, request.extra());
        tasks.add(task);
        return List.of();
    }

    /** Stores what the tasks took from their instances and wakes these. */
    void finish(Placement placement) throws SQLException {
        for (Stored<ContainerInstance> instance : placement.touched()) {
            store.instances().update(tx, instance);
            store.wake(tx, new InstanceKey(scope, instance.name()));
        }
    }

    private Task task(ContainerInstance instance) {
        String id = EcsNames.newId();
        String arn = scope.arn("ecs", "task/" + cluster + "/" + id);
        return Task.builder()
                .taskArn(arn)
                .clusterArn(scope.arn("ecs", "cluster/" + cluster))
                .containerInstanceArn(instance.containerInstanceArn())
                .taskDefinitionArn(definition.taskDefinitionArn())
                .containers(containers.stream().map(c -> container(arn, id, c)).toList())
                .overrides(request.overrides())
                .lastStatus("PENDING")
                .desiredStatus("RUNNING")
                .cpu(Integer.toString(size.cpu()))
                .memory(Integer.toString(size.memory()))
                .createdAt(now)
                .startedBy(request.startedBy())
                .group(group())
                .launchType(request.launchType())
                .enableExecuteCommand(false)
                .version(1L)
                .attachments(List.of())
                .attributes(List.of())
                .tags(tags())
                .build();
    }

    private Container container(String taskArn, String taskId, ContainerDefinition definition) {
        return Container.builder()
                .containerArn(scope.arn("ecs", "container/" + cluster + "/" + taskId + "/" + definition.name()))
                .taskArn(taskArn)
                .name(definition.name())
                .image(definition.image())
                .lastStatus("PENDING")
                .cpu(Integer.toString(Objects.requireNonNullElse(definition.cpu(), 0)))
                .memory(text(definition.memory()))
                .memoryReservation(text(definition.memoryReservation()))
                .networkBindings(List.of())
                .networkInterfaces(List.of())
                .build();
    }

    private static @Nullable String text(@Nullable Integer number) {
        return number == null ? null : number.toString();
    }

    private List<Tag> tags() {
        List<Tag> all = new ArrayList<>(request.propagateTags() ? definitionTags : List.of());
        for (Tag tag : request.tags()) {
            all.removeIf(t -> t.key().equals(tag.key()));
            all.add(tag);
        }
        return all;
    }
}
