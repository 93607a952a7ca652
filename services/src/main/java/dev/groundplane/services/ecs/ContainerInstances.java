package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceField;
import software.amazon.awssdk.services.ecs.model.ContainerInstanceStatus;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;

/** The hosts that registered with a cluster. */
final class ContainerInstances {
    private static final String ACTIVE = "ACTIVE";
    static final String INACTIVE = "INACTIVE";
    private static final int MAX_DESCRIBED = 100;

    private final EcsStore store;
    private final Clusters clusters;
    private final InstantSource clock;
    private final InstanceConnectivity connectivity;

    ContainerInstances(EcsStore store, Clusters clusters, InstantSource clock) {
        this.store = store;
        this.clusters = clusters;
        this.clock = clock;
        this.connectivity = new InstanceConnectivity(store, clock);
    }

    /**
     * With an ARN, registers the same instance again, which is idempotent. Without, registers the host that calls: it is one
     * instance of one cluster, so a host that has forgotten its ARN gets the same one.
     */
    RegisterContainerInstanceResponse register(Call call, RegisterContainerInstanceRequest request) {
        SupportedFields.check(request, SupportedFields.REGISTER_CONTAINER_INSTANCE);
        return call.commit(tx -> {
            String cluster = clusterOf(tx, call, request);
            Optional<String> host = host(call);
            Optional<Stored<ContainerInstance>> known = request.containerInstanceArn() == null
                    ? instanceOf(tx, call.scope(), host, cluster)
                    : Optional.of(required(tx, call, host, cluster, request.containerInstanceArn()));
            ContainerInstance instance = known.isPresent()
                    ? registerAgain(tx, known.get(), request)
                    : registerNew(tx, call, host, cluster, request);
            return RegisterContainerInstanceResponse.builder()
                    .containerInstance(instance)
                    .build();
        });
    }

    /** The cluster {@code default} comes into being with its first instance, as with ECS's own agent. */
    private String clusterOf(Transaction tx, Call call, RegisterContainerInstanceRequest request) throws SQLException {
        String name = EcsNames.cluster(call.scope(), request.cluster());
        if (name.equals(EcsNames.DEFAULT_CLUSTER)) {
            clusters.ensure(
                    tx, call.scope(), name, CreateClusterRequest.builder().build());
            return name;
        }
        ReservedClusters.check(call, name);
        return clusters.require(tx, call.scope(), name).name();
    }

    private ContainerInstance registerNew(
            Transaction tx, Call call, Optional<String> host, String cluster, RegisterContainerInstanceRequest request)
            throws SQLException {
        String name = cluster + "/" + EcsNames.newId();
        ContainerInstance instance = ContainerInstance.builder()
                .containerInstanceArn(call.scope().arn("ecs", "container-instance/" + name))
                .ec2InstanceId(host.orElse(null))
                .status(ACTIVE)
                .agentConnected(false)
                .runningTasksCount(0)
                .pendingTasksCount(0)
                .version(1L)
                .versionInfo(request.versionInfo())
                .registeredResources(request.totalResources())
                .remainingResources(request.totalResources())
                .attributes(request.attributes())
                .attachments(List.of())
                .registeredAt(clock.instant())
                .tags(request.tags())
                .build();
        return store.instances()
                .insert(tx, call.scope(), name, instance, Map.of())
                .value();
    }

    /** The managed instance that calls; empty for other callers, who may register what has no agent. */
    private static Optional<String> host(Call call) {
        return Optional.of(call.caller().userName()).filter(name -> name.startsWith("mi-"));
    }

    private Optional<Stored<ContainerInstance>> instanceOf(
            Transaction tx, Scope scope, Optional<String> host, String cluster) throws SQLException {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        Optional<Stored<ContainerInstance>> known =
                store.instances().listByIndex(tx, scope, EcsStore.BY_HOST, host.get(), "", 1).items().stream()
                        .findFirst();
        if (known.isPresent() && !known.get().name().startsWith(cluster + "/")) {
            throw EcsErrors.client(
                    "The host %s is registered with another cluster, as %s. Deregister that container instance first.",
                    host.get(), known.get().value().containerInstanceArn());
        }
        return known;
    }

    private Stored<ContainerInstance> required(
            Transaction tx, Call call, Optional<String> host, String cluster, String arn) throws SQLException {
        return store.instances()
                .find(tx, call.scope(), EcsNames.inCluster(cluster, arn))
                .filter(i -> !INACTIVE.equals(i.value().status()))
                .filter(i -> Objects.equals(i.value().ec2InstanceId(), host.orElse(null)))
                .orElseThrow(() ->
                        EcsErrors.client("The container instance %s is not registered; register without an ARN.", arn));
    }

    private ContainerInstance registerAgain(
            Transaction tx, Stored<ContainerInstance> stored, RegisterContainerInstanceRequest request)
            throws SQLException {
        ContainerInstance known = stored.value();
        ContainerInstance again = known.toBuilder()
                .version(known.version() + 1)
                .versionInfo(request.versionInfo())
                .registeredResources(request.totalResources())
                .remainingResources(remaining(known, request.totalResources()))
                .attributes(InstanceAttributes.merged(stored, request.attributes()))
                .build();
        return store.instances().update(tx, stored.with(again)).value();
    }

    /** New totals less what is taken: a host may come back with more or less memory. */
    private static List<Resource> remaining(ContainerInstance known, List<Resource> totals) {
        List<Resource> remaining = new ArrayList<>();
        for (Resource total : totals) {
            int taken = amount(known.registeredResources(), total.name())
                    - amount(known.remainingResources(), total.name());
            Optional<Resource> ports = known.remainingResources().stream()
                    .filter(r -> r.name().equals(total.name()) && "STRINGSET".equals(r.type()))
                    .findFirst();
            remaining.add(ports.orElseGet(() -> total.toBuilder()
                    .integerValue(total.integerValue() == null ? null : total.integerValue() - taken)
                    .build()));
        }
        return remaining;
    }

    private static int amount(List<Resource> resources, String name) {
        return resources.stream()
                .filter(r -> r.name().equals(name))
                .mapToInt(r -> Objects.requireNonNullElse(r.integerValue(), 0))
                .sum();
    }

    DeregisterContainerInstanceResponse deregister(Call call, DeregisterContainerInstanceRequest request) {
        if (request.containerInstance() == null) {
            throw EcsErrors.invalidParameter("Container instance can not be blank.");
        }
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            String name = EcsNames.inCluster(cluster, request.containerInstance());
            Stored<ContainerInstance> stored = store.instances()
                    .find(tx, call.scope(), name)
                    .orElseThrow(() -> EcsErrors.invalidParameter(
                            "Referenced container instance %s not found.", Arns.lastPart(name)));
            Page<Task> active =
                    store.tasks().listByIndex(tx, call.scope(), EcsStore.ACTIVE_ON, name, "", Resources.ALL);
            if (!active.items().isEmpty() && !Boolean.TRUE.equals(request.force())) {
                throw EcsErrors.invalidParameter("Found running tasks on the instance.");
            }
            for (Stored<Task> task : active.items()) {
                store.tasks().update(tx, orphaned(task));
            }
            connectivity.forget(tx, stored);
            ContainerInstance gone = stored.value().toBuilder()
                    .status(INACTIVE)
                    .agentConnected(false)
                    .runningTasksCount(0)
                    .pendingTasksCount(0)
                    .remainingResources(stored.value().registeredResources())
                    .build();
            store.instances().update(tx, stored.with(gone));
            return DeregisterContainerInstanceResponse.builder()
                    .containerInstance(gone)
                    .build();
        });
    }

    private Stored<Task> orphaned(Stored<Task> stored) {
        Task task = stored.value();
        Task stopped = task.toBuilder()
                .lastStatus("STOPPED")
                .desiredStatus("STOPPED")
                .stoppingAt(Objects.requireNonNullElse(task.stoppingAt(), clock.instant()))
                .stoppedAt(clock.instant())
                .stoppedReason("Container instance %s was deregistered by force"
                        .formatted(Arns.lastPart(task.containerInstanceArn())))
                // Without an exit code, which nobody knows: clients take that for a failure.
                .containers(task.containers().stream()
                        .map(c -> c.toBuilder().lastStatus("STOPPED").build())
                        .toList())
                .version(task.version() + 1)
                .build();
        return stored.with(stopped)
                .withExtra(EcsStore.EXPIRES, EcsStore.expiry(clock.instant().plus(TaskExpiry.KEPT)));
    }

    ListContainerInstancesResponse list(Scope scope, ListContainerInstancesRequest request) {
        SupportedFields.check(request, SupportedFields.LIST_CONTAINER_INSTANCES);
        String cluster = clusters.requireName(scope, request.cluster());
        int limit = Limits.pageSize(request.maxResults());
        String status = Objects.requireNonNullElse(request.status(), ContainerInstanceStatus.ACTIVE)
                .toString();
        Optional<ClusterQuery> query = Optional.ofNullable(request.filter()).map(ClusterQuery::parse);
        // As with tasks: read on until the page is full.
        List<String> arns = new ArrayList<>();
        Optional<String> next = Optional.of(Limits.after(request.nextToken()));
        while (next.isPresent() && arns.size() < limit) {
            Page<ContainerInstance> page =
                    store.instances().list(scope, cluster + "/", next.get(), limit - arns.size());
            page.items().stream()
                    .filter(i -> status.equals(i.value().status()))
                    .filter(i -> query.isEmpty() || selects(query.get(), scope, i))
                    .forEach(i -> arns.add(i.value().containerInstanceArn()));
            next = page.next();
        }
        return ListContainerInstancesResponse.builder()
                .containerInstanceArns(arns)
                .nextToken(Limits.token(next))
                .build();
    }

    private boolean selects(ClusterQuery query, Scope scope, Stored<ContainerInstance> instance) {
        Set<String> groups = query.readsTaskGroups()
                ? QueriedInstance.groups(
                        store.tasks().listByIndex(scope, EcsStore.ACTIVE_ON, instance.name(), "", Resources.ALL))
                : Set.of();
        return query.matches(QueriedInstance.of(instance.value(), groups));
    }

    DescribeContainerInstancesResponse describe(Scope scope, DescribeContainerInstancesRequest request) {
        int count = request.containerInstances().size();
        if (count < 1 || count > MAX_DESCRIBED) {
            throw EcsErrors.invalidParameter("containerInstances must name 1 to %d, found %d.", MAX_DESCRIBED, count);
        }
        String cluster = clusters.requireName(scope, request.cluster());
        boolean withTags = request.include().contains(ContainerInstanceField.TAGS);
        List<ContainerInstance> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String idOrArn : request.containerInstances()) {
            String name = EcsNames.inCluster(cluster, idOrArn);
            Optional<Stored<ContainerInstance>> stored = store.instances().find(scope, name);
            if (stored.isPresent()) {
                ContainerInstance instance = stored.get().value();
                found.add(
                        withTags
                                ? instance
                                : instance.toBuilder().tags(List.of()).build());
            } else {
                failures.add(Failure.builder()
                        .arn(scope.arn("ecs", "container-instance/" + name))
                        .reason("MISSING")
                        .build());
            }
        }
        return DescribeContainerInstancesResponse.builder()
                .containerInstances(found)
                .failures(failures)
                .build();
    }

    /**
     * Records whether an instance's agent is connected to this process, and since when it is not connected. What is recorded
     * of another process's connection only a newer one of ours changes.
     *
     * @param connected asked inside the write, so that of two racing changes the later one tells the truth
     */
    void connected(InstanceKey key, BooleanSupplier connected) {
        Set<String> self = Set.of(store.database().replicas().self());
        store.database().write(tx -> {
            boolean now = connected.getAsBoolean();
            Optional<Stored<ContainerInstance>> stored = store.instances().find(tx, key.scope(), key.name());
            if (stored.isPresent() && now != InstanceConnectivity.isConnectedTo(stored.get(), self)) {
                record(tx, stored.get(), now);
                if (now) {
                    store.tellConnected(tx, key);
                }
            }
            return now;
        });
    }

    /**
     * Records that agents are not connected that were to a process which is not alive. In one transaction: with a flush for
     * each of thousands of hosts a start takes long.
     */
    void disconnectUnless(Set<String> alive) {
        List<InstanceKey> absent = store.instances().all().stream()
                .filter(instance -> isAbsent(instance, alive))
                .map(instance -> new InstanceKey(instance.scope(), instance.name()))
                .toList();
        if (!absent.isEmpty()) {
            store.database().write(tx -> {
                for (InstanceKey key : absent) {
                    Optional<Stored<ContainerInstance>> now = store.instances().find(tx, key.scope(), key.name());
                    if (now.isPresent() && isAbsent(now.get(), alive)) {
                        record(tx, now.get(), false);
                    }
                }
                return absent.size();
            });
        }
    }

    /** Whether an instance counts as connected, but to none of the processes that are alive. */
    private static boolean isAbsent(Stored<ContainerInstance> instance, Set<String> alive) {
        return !Boolean.FALSE.equals(instance.value().agentConnected())
                && !InstanceConnectivity.isConnectedTo(instance, alive);
    }

    private void record(Transaction tx, Stored<ContainerInstance> instance, boolean connected) throws SQLException {
        String self = store.database().replicas().self();
        store.instances()
                .update(tx, connected ? connectivity.connected(instance, self) : connectivity.disconnected(instance));
        connectivity.tell(tx, new InstanceKey(instance.scope(), instance.name()), connected);
    }
}
