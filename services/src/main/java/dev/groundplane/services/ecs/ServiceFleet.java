package dev.groundplane.services.ecs;

import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.ecs.Replica.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/**
 * The tasks of one service and the instances of its cluster in one transaction, and what can be done to them. Not
 * thread-safe.
 */
final class ServiceFleet {
    private final EcsStore store;
    private final TaskDefinitions definitions;
    private final Tasks stopping;
    private final Transaction tx;
    private final Stored<Service> service;
    private final Instant now;
    private final Map<String, Stored<ContainerInstance>> instances = new LinkedHashMap<>();
    private final Map<String, Stored<Task>> tasks = new LinkedHashMap<>();
    private final List<Task> ended = new ArrayList<>();
    private final List<String> started = new ArrayList<>();
    private final List<String> stopped = new ArrayList<>();
    private final Map<String, Boolean> checked = new HashMap<>();

    /**
     * Reads the fleet. Tasks that have stopped leave it, in the same transaction.
     *
     * @param stopping how tasks are stopped
     */
    ServiceFleet(
            EcsStore store,
            TaskDefinitions definitions,
            Tasks stopping,
            Transaction tx,
            Stored<Service> service,
            Instant now)
            throws SQLException {
        this.store = store;
        this.definitions = definitions;
        this.stopping = stopping;
        this.tx = tx;
        this.service = service;
        this.now = now;
        String cluster = EcsNames.name(service.value().clusterArn());
        store.instances()
                .list(tx, service.scope(), ReservedClusters.instancesOf(cluster), "", Resources.ALL)
                .items()
                .forEach(i -> instances.put(i.name(), i));
        for (Stored<Task> task : store.tasks()
                .listByIndex(tx, service.scope(), EcsStore.OF_SERVICE, service.name(), "", Resources.ALL)
                .items()) {
            if ("STOPPED".equals(task.value().lastStatus())) {
                store.tasks().update(tx, task.withExtra(EcsStore.SERVICE, null));
                ended.add(task.value());
            } else {
                tasks.put(task.name(), task);
            }
        }
    }

    /** The tasks that have stopped since the last step. Each is seen once. */
    List<Task> ended() {
        return ended;
    }

    /** The ids of the tasks that were started here. */
    List<String> started() {
        return started;
    }

    /** The ids of the tasks that were stopped here. */
    List<String> stopped() {
        return stopped;
    }

    boolean hasTasksOf(Deployment deployment) {
        return tasks.values().stream()
                .anyMatch(t -> deployment.id().equals(t.value().startedBy()));
    }

    List<Replica> replicas(Deployment primary) throws SQLException {
        List<Replica> replicas = new ArrayList<>();
        for (Stored<Task> task : tasks.values()) {
            String instance = EcsNames.name(task.value().containerInstanceArn());
            boolean current = primary.id().equals(task.value().startedBy()) && isActive(instance);
            boolean healthCounts = isChecked(task.value().taskDefinitionArn());
            Phase phase = ServiceTasks.phase(task.value(), current, healthCounts, grace(), now);
            replicas.add(new Replica(
                    task.name(),
                    instance,
                    current,
                    phase,
                    task.value().createdAt().toEpochMilli()));
        }
        return replicas;
    }

    private boolean isActive(String instance) {
        Stored<ContainerInstance> stored = instances.get(instance);
        return stored != null && "ACTIVE".equals(stored.value().status());
    }

    /** Whether the health of tasks of a definition is checked. */
    boolean isChecked(String definitionArn) throws SQLException {
        Boolean known = checked.get(definitionArn);
        if (known == null) {
            known = ServiceTasks.isChecked(
                    definitions.byArn(tx, service.scope(), definitionArn).value());
            checked.put(definitionArn, known);
        }
        return known;
    }

    private Duration grace() {
        return Duration.ofSeconds(Objects.requireNonNullElse(service.value().healthCheckGracePeriodSeconds(), 0));
    }

    /** When time alone makes another phase of a task that is STARTING. */
    Optional<Instant> nextPhase(List<Replica> replicas) {
        return replicas.stream()
                .filter(r -> r.is(Phase.STARTING))
                .map(r -> Objects.requireNonNull(tasks.get(r.name())).value().startedAt())
                .filter(Objects::nonNull)
                .flatMap(at -> List.of(at.plus(ServiceTasks.SETTLED), at.plus(grace())).stream())
                .filter(at -> at.isAfter(now))
                .min(Instant::compareTo);
    }

    /**
     * Starts tasks wherever they fit.
     *
     * @return why the first that was not placed was not; empty when all were
     */
    Optional<Unplaced> start(Deployment deployment, int count) throws SQLException {
        return count == 0 ? Optional.empty() : start(deployment, count, active(), true);
    }

    /**
     * Starts one task on each of these instances.
     *
     * @return why one of them did not take it; empty when all did
     */
    Optional<Unplaced> startOn(Deployment deployment, Set<String> names) throws SQLException {
        Optional<Unplaced> unplaced = Optional.empty();
        for (String name : names) {
            Optional<Unplaced> why = start(deployment, 1, List.of(Objects.requireNonNull(instances.get(name))), false);
            unplaced = unplaced.or(() -> why);
        }
        return unplaced;
    }

    private Optional<Unplaced> start(
            Deployment deployment, int count, List<Stored<ContainerInstance>> candidates, boolean apart)
            throws SQLException {
        TaskLaunch launch = launch(deployment);
        PlacementConstraints constraints = constraints(launch);
        Placement placement = placement(candidates, constraints);
        if (apart && constraints.distinctInstance()) {
            tasks.values().stream()
                    .filter(t -> !"STOPPED".equals(t.value().desiredStatus()))
                    .forEach(t -> placement.close(EcsNames.name(t.value().containerInstanceArn())));
        }
        List<Failure> failures = List.of();
        boolean placed = true;
        for (int i = 0; i < count && placed; i++) {
            int before = launch.tasks().size();
            failures = launch.place(placement);
            placed = launch.tasks().size() > before;
        }
        launch.finish(placement);
        for (Task task : launch.tasks()) {
            String name = EcsNames.name(task.taskArn());
            tasks.put(name, new Stored<>(service.scope(), name, 1, task, Map.of(EcsStore.SERVICE, service.name())));
            started.add(id(name));
        }
        return placed ? Optional.empty() : Optional.of(Unplaced.of(failures, constraints.distinctInstance()));
    }

    private static String id(String name) {
        return name.substring(name.indexOf('/') + 1);
    }

    private TaskLaunch launch(Deployment deployment) throws SQLException {
        return new TaskLaunch(
                store,
                tx,
                service.scope(),
                EcsNames.name(service.value().clusterArn()),
                LaunchRequest.of(service, deployment),
                definitions.byArn(tx, service.scope(), deployment.taskDefinition()),
                now);
    }

    private PlacementConstraints constraints(TaskLaunch launch) {
        return PlacementConstraints.of(service.value().placementConstraints()).and(launch.constraints());
    }

    private Placement placement(List<Stored<ContainerInstance>> candidates, PlacementConstraints constraints)
            throws SQLException {
        PlacementStrategies strategies = PlacementStrategies.of(service.value().placementStrategy());
        boolean groupsMatter = constraints.readTaskGroups() || strategies.readTasks();
        return new Placement(
                candidates, constraints, strategies, groupsMatter ? TaskGroups.on(store, tx, candidates) : Map.of());
    }

    private List<Stored<ContainerInstance>> active() {
        return instances.values().stream().filter(i -> isActive(i.name())).toList();
    }

    /** The instances on which a DAEMON service is to have a task: those that suit and are connected, or have one. */
    Set<String> suiting(Deployment primary, Collection<Replica> replicas) throws SQLException {
        TaskLaunch launch = launch(primary);
        Placement placement = placement(active(), constraints(launch));
        Set<String> served = replicas.stream()
                .filter(r -> r.current() && r.isAlive())
                .map(Replica::instance)
                .collect(Collectors.toSet());
        return active().stream()
                .filter(i -> placement.suits(i, launch.required()))
                .filter(i -> Boolean.TRUE.equals(i.value().agentConnected()) || served.contains(i.name()))
                .map(Stored::name)
                .collect(Collectors.toSet());
    }

    /** The draining instances on which tasks run that are not of DAEMON services. */
    Set<String> leaving(Collection<Replica> replicas) throws SQLException {
        Set<String> leaving = replicas.stream()
                .map(Replica::instance)
                .filter(name -> instances.containsKey(name) && !isActive(name))
                .collect(Collectors.toSet());
        for (String name : List.copyOf(leaving)) {
            boolean busy = false;
            for (Stored<Task> task : store.tasks()
                    .listByIndex(tx, service.scope(), EcsStore.ACTIVE_ON, name, "", Resources.ALL)
                    .items()) {
                busy |= !isDaemon(task);
            }
            if (!busy) {
                leaving.remove(name);
            }
        }
        return leaving;
    }

    private boolean isDaemon(Stored<Task> task) throws SQLException {
        String owner = task.extra().get(EcsStore.SERVICE);
        return owner != null
                && store.services()
                        .find(tx, task.scope(), owner)
                        .filter(s -> s.value().schedulingStrategy() == SchedulingStrategy.DAEMON)
                        .isPresent();
    }

    /** Wants a task to stop. */
    void stop(Replica replica) throws SQLException {
        Stored<Task> task = Objects.requireNonNull(tasks.get(replica.name()));
        String reason = replica.is(Phase.UNHEALTHY)
                ? "Task failed container health checks"
                : "Scaling activity initiated by (deployment %s)"
                        .formatted(service.value().deployments().getFirst().id());
        Task changed = stopping.stop(tx, task, TaskStopCode.SERVICE_SCHEDULER_INITIATED, reason);
        tasks.put(task.name(), new Stored<>(task.scope(), task.name(), task.version() + 1, changed, task.extra()));
        stopped.add(id(replica.name()));
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }
}
