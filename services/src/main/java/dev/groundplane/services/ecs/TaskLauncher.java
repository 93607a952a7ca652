package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** RunTask and StartTask: places tasks and stores what is wanted; {@link TaskDelivery} takes it to the hosts. */
final class TaskLauncher {
    private static final int MAX_COUNT = 10;

    private final EcsStore store;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final RoleRules roles;
    private final InstantSource clock;
    private final LaunchTokens tokens;

    TaskLauncher(EcsStore store, Clusters clusters, TaskDefinitions definitions, RoleRules roles, InstantSource clock) {
        this.store = store;
        this.clusters = clusters;
        this.definitions = definitions;
        this.roles = roles;
        this.clock = clock;
        this.tokens = new LaunchTokens(store, clock);
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
        LaunchTokens.check(request.clientToken());
        PlacementConstraints requested = PlacementConstraints.of(request.placementConstraints());
        PlacementStrategies strategies = PlacementStrategies.of(request.placementStrategy());
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            String fingerprint =
                    WireForm.json(request.toBuilder().clientToken(null).build());
            Optional<List<Task>> earlier =
                    tokens.earlier(tx, call.scope(), cluster, request.clientToken(), fingerprint);
            if (earlier.isPresent()) {
                return RunTaskResponse.builder()
                        .tasks(earlier.get())
                        .failures(List.of())
                        .build();
            }
            List<Stored<ContainerInstance>> instances = active(tx, call.scope(), cluster);
            if (instances.isEmpty()) {
                throw EcsErrors.invalidParameter("No Container Instances were found in your cluster.");
            }
            TaskLaunch launch = launch(tx, call, cluster, LaunchRequest.of(request));
            PlacementConstraints constraints = requested.and(launch.constraints());
            Placement placement = new Placement(
                    instances,
                    constraints,
                    strategies,
                    constraints.readTaskGroups() || strategies.readTasks()
                            ? TaskGroups.on(store, tx, instances)
                            : Map.of());
            List<Failure> failures = List.of();
            for (int i = 0; i < count && failures.isEmpty(); i++) {
                failures = launch.place(placement);
            }
            launch.finish(placement);
            tokens.remember(tx, call.scope(), cluster, request.clientToken(), fingerprint, launch.tasks());
            return RunTaskResponse.builder()
                    .tasks(launch.tasks())
                    .failures(failures)
                    .build();
        });
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
            TaskLaunch launch = launch(tx, call, cluster, LaunchRequest.of(request));
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
                    Placement placement = new Placement(
                            List.of(instance.get()), PlacementConstraints.NONE, PlacementStrategies.NONE, Map.of());
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
        return store
                .instances()
                .list(tx, scope, ReservedClusters.instancesOf(cluster), "", Resources.ALL)
                .items()
                .stream()
                .filter(TaskLauncher::isActive)
                .toList();
    }

    private static boolean isActive(Stored<ContainerInstance> instance) {
        return "ACTIVE".equals(instance.value().status());
    }

    private TaskLaunch launch(Transaction tx, Call call, String cluster, LaunchRequest request) throws SQLException {
        ReservedClusters.check(call, cluster);
        Stored<TaskDefinition> definition = definitions.requireActive(tx, call.scope(), request.taskDefinition());
        roles.check(call, RoleArns.of(request.overrides(), definition.value()));
        return new TaskLaunch(store, tx, call.scope(), cluster, request, definition, clock.instant());
    }
}
