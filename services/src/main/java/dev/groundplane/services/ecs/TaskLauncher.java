package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** RunTask and StartTask: places tasks and stores what is wanted; {@link TaskDelivery} takes it to the hosts. */
final class TaskLauncher {
    private static final int MAX_COUNT = 10;
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);

    private final EcsStore store;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final InstantSource clock;
    private final Consumer<InstanceKey> wake;

    /** @param wake called with each instance that has something new to do, once that is durable */
    TaskLauncher(
            EcsStore store,
            Clusters clusters,
            TaskDefinitions definitions,
            InstantSource clock,
            Consumer<InstanceKey> wake) {
        this.store = store;
        this.clusters = clusters;
        this.definitions = definitions;
        this.clock = clock;
        this.wake = wake;
    }

    RunTaskResponse run(Call call, RunTaskRequest request) {
        SupportedFields.check(request, SupportedFields.RUN_TASK);
        int count = Objects.requireNonNullElse(request.count(), 1);
        if (count < 1 || count > MAX_COUNT) {
            throw EcsErrors.invalidParameter("count must be from 1 to %d, found %d.", MAX_COUNT, count);
        }
        if (request.launchType() == LaunchType.FARGATE || request.launchType() == LaunchType.MANAGED_INSTANCES) {
            throw EcsErrors.invalidParameter(
                    "launchType %s is not available: tasks run on registered hosts, use EXTERNAL or EC2.",
                    request.launchType());
        }
        if (request.clientToken() != null && !request.clientToken().matches("[!-~]{1,64}")) {
            throw EcsErrors.invalidParameter(
                    "clientToken '%s' must be 1 to 64 printable ASCII characters without spaces.", request.clientToken());
        }
        PlacementConstraints requested = PlacementConstraints.of(request.placementConstraints());
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            String fingerprint =
                    WireForm.json(request.toBuilder().clientToken(null).build());
            Optional<RunTaskResponse> earlier = earlier(tx, call.scope(), cluster, request.clientToken(), fingerprint);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            List<Stored<ContainerInstance>> instances = active(tx, call.scope(), cluster);
            if (instances.isEmpty()) {
                throw EcsErrors.invalidParameter("No Container Instances were found in your cluster.");
            }
            Launch launch = new Launch(tx, call.scope(), cluster, LaunchRequest.of(request));
            PlacementConstraints constraints = requested.and(launch.constraints());
            Placement placement =
                    new Placement(instances, constraints, groups(tx, call.scope(), instances, constraints));
            List<Failure> failures = List.of();
            for (int i = 0; i < count && failures.isEmpty(); i++) {
                failures = launch.place(placement);
            }
            launch.finish(placement);
            remember(tx, call.scope(), cluster, request.clientToken(), fingerprint, launch.tasks());
            return RunTaskResponse.builder()
                    .tasks(launch.tasks())
                    .failures(failures)
                    .build();
        });
    }

    private Map<String, Set<String>> groups(
            Transaction tx, Scope scope, List<Stored<ContainerInstance>> instances, PlacementConstraints constraints)
            throws SQLException {
        Map<String, Set<String>> groups = new HashMap<>();
        if (constraints.readTaskGroups()) {
            for (Stored<ContainerInstance> instance : instances) {
                groups.put(
                        instance.name(),
                        QueriedInstance.groups(store.tasks()
                                .listByIndex(tx, scope, EcsStore.ACTIVE_ON, instance.name(), "", Resources.ALL)));
            }
        }
        return groups;
    }

    StartTaskResponse start(Call call, StartTaskRequest request) {
        SupportedFields.check(request, SupportedFields.START_TASK);
        int count = request.containerInstances().size();
        if (count < 1 || count > MAX_COUNT) {
            throw EcsErrors.invalidParameter("containerInstances must name 1 to %d, found %d.", MAX_COUNT, count);
        }
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            Launch launch = new Launch(tx, call.scope(), cluster, LaunchRequest.of(request));
            List<Failure> failures = new ArrayList<>();
            for (String idOrArn : request.containerInstances()) {
                String name = EcsNames.inCluster(cluster, idOrArn);
                Optional<Stored<ContainerInstance>> instance =
                        store.instances().find(tx, call.scope(), name).filter(TaskLauncher::isActive);
                if (instance.isEmpty()) {
                    failures.add(Failure.builder()
                            .arn(call.scope().arn("ecs", "container-instance/" + name))
                            .reason("MISSING")
                            .build());
                } else {
                    Placement placement =
                            new Placement(List.of(instance.get()), PlacementConstraints.NONE, Map.of());
                    failures.addAll(launch.place(placement));
                    launch.finish(placement);
                }
            }
            return StartTaskResponse.builder()
                    .tasks(launch.tasks())
                    .failures(failures)
                    .build();
        });
    }

    private List<Stored<ContainerInstance>> active(Transaction tx, Scope scope, String cluster) throws SQLException {
        return store.instances().list(tx, scope, cluster + "/", "", Resources.ALL).items().stream()
                .filter(TaskLauncher::isActive)
                .toList();
    }

    private static boolean isActive(Stored<ContainerInstance> instance) {
        return "ACTIVE".equals(instance.value().status());
    }

    private Optional<RunTaskResponse> earlier(
            Transaction tx, Scope scope, String cluster, @Nullable String token, String fingerprint)
            throws SQLException {
        if (token == null) {
            return Optional.empty();
        }
        Optional<Stored<LaunchToken>> known = store.launchTokens().find(tx, scope, cluster + "/" + token);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        LaunchToken launch = known.get().value();
        if (!launch.fingerprint().equals(fingerprint)) {
            throw ConflictException.builder()
                    .message("The clientToken '%s' was used with other parameters.".formatted(token))
                    .resourceIds(launch.tasks().stream()
                            .map(name -> scope.arn("ecs", "task/" + name))
                            .toList())
                    .build();
        }
        List<Task> tasks = new ArrayList<>();
        for (String name : launch.tasks()) {
            store.tasks().find(tx, scope, name).ifPresent(t -> tasks.add(t.value()));
        }
        return Optional.of(
                RunTaskResponse.builder().tasks(tasks).failures(List.of()).build());
    }

    /** A launch that placed nothing leaves no trace: the caller may try again with the same token. */
    private void remember(
            Transaction tx, Scope scope, String cluster, @Nullable String token, String fingerprint, List<Task> tasks)
            throws SQLException {
        if (token != null && !tasks.isEmpty()) {
            List<String> names =
                    tasks.stream().map(t -> EcsNames.name(t.taskArn())).toList();
            store.launchTokens()
                    .insert(
                            tx,
                            scope,
                            cluster + "/" + token,
                            new LaunchToken(fingerprint, names),
                            Map.of(
                                    EcsStore.EXPIRES,
                                    EcsStore.expiry(clock.instant().plus(TOKEN_LIFE))));
        }
    }

    /** The tasks that one call starts from one definition. */
    private final class Launch {
        private final Transaction tx;
        private final Scope scope;
        private final String cluster;
        private final LaunchRequest request;
        private final TaskDefinition definition;
        private final List<Tag> definitionTags;
        private final List<ContainerDefinition> containers;
        private final TaskSize size;
        private final List<Task> tasks = new ArrayList<>();

        Launch(Transaction tx, Scope scope, String cluster, LaunchRequest request) throws SQLException {
            this.tx = tx;
            this.scope = scope;
            this.cluster = cluster;
            this.request = request;
            Stored<TaskDefinition> stored = definitions.requireActive(tx, scope, request.taskDefinition());
            this.definition = stored.value();
            this.definitionTags = Tags.of(stored);
            this.containers = request.containers(definition);
            this.size = TaskSize.of(
                    request.overrides().cpu() == null
                            ? definition.cpu()
                            : request.overrides().cpu(),
                    request.overrides().memory() == null
                            ? definition.memory()
                            : request.overrides().memory(),
                    containers);
        }

        List<Task> tasks() {
            return tasks;
        }

        /** The definition's own. */
        PlacementConstraints constraints() {
            return PlacementConstraints.ofDefinition(definition.placementConstraints());
        }

        private String group() {
            return Objects.requireNonNullElse(request.group(), "family:" + definition.family());
        }

        /** @return why no instance could take the task; empty when it was placed */
        List<Failure> place(Placement placement) throws SQLException {
            Optional<Stored<ContainerInstance>> instance =
                    placement.place(size, definition.requiresAttributes(), group());
            if (instance.isEmpty()) {
                return placement.failures(size, definition.requiresAttributes());
            }
            Task task = task(instance.get().value());
            store.tasks().insert(tx, scope, EcsNames.name(task.taskArn()), task, Map.of());
            tasks.add(task);
            return List.of();
        }

        void finish(Placement placement) throws SQLException {
            for (Stored<ContainerInstance> instance : placement.touched()) {
                store.instances().update(tx, instance);
                tx.afterCommit(() -> wake.accept(new InstanceKey(scope, instance.name())));
            }
        }

        private Task task(ContainerInstance instance) {
            String id = EcsNames.newId();
            String arn = scope.arn("ecs", "task/" + cluster + "/" + id);
            Instant now = clock.instant();
            return Task.builder()
                    .taskArn(arn)
                    .clusterArn(scope.arn("ecs", "cluster/" + cluster))
                    .containerInstanceArn(instance.containerInstanceArn())
                    .taskDefinitionArn(definition.taskDefinitionArn())
                    .containers(
                            containers.stream().map(c -> container(arn, id, c)).toList())
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
                    .memory(
                            definition.memory() == null
                                    ? null
                                    : definition.memory().toString())
                    .memoryReservation(
                            definition.memoryReservation() == null
                                    ? null
                                    : definition.memoryReservation().toString())
                    .networkBindings(List.of())
                    .networkInterfaces(List.of())
                    .build();
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
}
