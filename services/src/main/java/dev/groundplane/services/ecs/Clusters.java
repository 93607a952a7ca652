package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterContainsContainerInstancesException;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;

/** Clusters. A deleted cluster stays describable as INACTIVE, as in ECS. */
final class Clusters {
    private static final String ACTIVE = "ACTIVE";
    private static final String INACTIVE = "INACTIVE";

    private final EcsStore store;

    Clusters(EcsStore store) {
        this.store = store;
    }

    /** Idempotent: creating an ACTIVE cluster again returns it. */
    CreateClusterResponse create(Call call, CreateClusterRequest request) {
        String name = EcsNames.cluster(call.scope(), request.clusterName());
        if (!name.matches("[a-zA-Z0-9_-]{1,255}")) {
            throw EcsErrors.invalidParameter(
                    "clusterName '%s' must be 1 to 255 letters, digits, hyphens and underscores", name);
        }
        ReservedClusters.check(call, name);
        return call.commit(tx -> CreateClusterResponse.builder()
                .cluster(ensure(tx, call.scope(), name, request))
                .build());
    }

    /** Makes sure that an ACTIVE cluster of that name exists. */
    Cluster ensure(Transaction tx, Scope scope, String name, CreateClusterRequest request) throws SQLException {
        Optional<Stored<Cluster>> known = store.clusters().find(tx, scope, name);
        if (known.isPresent() && ACTIVE.equals(known.get().value().status())) {
            return known.get().value();
        }
        Cluster cluster = Cluster.builder()
                .clusterName(name)
                .clusterArn(scope.arn("ecs", "cluster/" + name))
                .status(ACTIVE)
                .registeredContainerInstancesCount(0)
                .runningTasksCount(0)
                .pendingTasksCount(0)
                .activeServicesCount(0)
                .statistics(List.of())
                .settings(List.of())
                .capacityProviders(List.of())
                .defaultCapacityProviderStrategy(List.of())
                .tags(request.tags())
                .build();
        if (known.isPresent()) {
            store.clusters().update(tx, known.get().with(cluster));
        } else {
            store.clusters().insert(tx, scope, name, cluster, Map.of());
        }
        return cluster;
    }

    DeleteClusterResponse delete(Call call, DeleteClusterRequest request) {
        return call.commit(tx -> {
            Stored<Cluster> stored = require(tx, call.scope(), request.cluster());
            String name = stored.name();
            if (Services.active(store.services().list(tx, call.scope(), name + "/", "", Resources.ALL)) > 0) {
                throw ClusterContainsServicesException.builder()
                        .message("The Cluster cannot be deleted while Services are active.")
                        .build();
            }
            for (ContainerInstance instance : instances(call.scope(), name)) {
                if (!INACTIVE.equals(instance.status())) {
                    throw ClusterContainsContainerInstancesException.builder()
                            .message("The Cluster cannot be deleted while Container Instances are active or draining.")
                            .build();
                }
            }
            // Tasks that have not stopped are on ACTIVE instances, so there are none.
            Cluster deleted = stored.value().toBuilder().status(INACTIVE).build();
            store.clusters().update(tx, stored.with(deleted));
            return DeleteClusterResponse.builder().cluster(deleted).build();
        });
    }

    ListClustersResponse list(Scope scope, ListClustersRequest request) {
        Page<Cluster> page = store.clusters()
                .listByIndex(
                        scope,
                        EcsStore.BY_STATUS,
                        ACTIVE,
                        Limits.after(request.nextToken()),
                        Limits.pageSize(request.maxResults()));
        return ListClustersResponse.builder()
                .clusterArns(
                        page.items().stream().map(s -> s.value().clusterArn()).toList())
                .nextToken(Limits.token(page.next()))
                .build();
    }

    DescribeClustersResponse describe(Scope scope, DescribeClustersRequest request) {
        List<String> wanted = request.clusters().isEmpty() ? List.of(EcsNames.DEFAULT_CLUSTER) : request.clusters();
        boolean withTags = request.include().contains(ClusterField.TAGS);
        List<Cluster> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String nameOrArn : wanted) {
            String name = EcsNames.cluster(scope, nameOrArn);
            Optional<Stored<Cluster>> stored = store.clusters().find(scope, name);
            if (stored.isPresent()) {
                found.add(withCounts(scope, stored.get().value(), withTags));
            } else {
                failures.add(Failure.builder()
                        .arn(scope.arn("ecs", "cluster/" + name))
                        .reason("MISSING")
                        .build());
            }
        }
        return DescribeClustersResponse.builder()
                .clusters(found)
                .failures(failures)
                .build();
    }

    private Cluster withCounts(Scope scope, Cluster cluster, boolean withTags) {
        List<ContainerInstance> active = instances(scope, cluster.clusterName()).stream()
                .filter(i -> !INACTIVE.equals(i.status()))
                .toList();
        return cluster.toBuilder()
                .registeredContainerInstancesCount(active.size())
                .runningTasksCount(active.stream()
                        .mapToInt(ContainerInstance::runningTasksCount)
                        .sum())
                .pendingTasksCount(active.stream()
                        .mapToInt(ContainerInstance::pendingTasksCount)
                        .sum())
                .activeServicesCount(
                        Services.active(store.services().list(scope, cluster.clusterName() + "/", "", Resources.ALL)))
                .tags(withTags ? cluster.tags() : List.of())
                .build();
    }

    private List<ContainerInstance> instances(Scope scope, String cluster) {
        return store.instances().list(scope, cluster + "/", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    /**
     * The ACTIVE cluster that a request names.
     *
     * @throws ClusterNotFoundException when there is none
     */
    Stored<Cluster> require(Transaction tx, Scope scope, @Nullable String nameOrArn) throws SQLException {
        return store.clusters()
                .find(tx, scope, EcsNames.cluster(scope, nameOrArn))
                .filter(c -> ACTIVE.equals(c.value().status()))
                .orElseThrow(EcsErrors::clusterNotFound);
    }

    /**
     * The name of the ACTIVE cluster that a request names.
     *
     * @throws ClusterNotFoundException when there is none
     */
    String requireName(Scope scope, @Nullable String nameOrArn) {
        return store.clusters()
                .find(scope, EcsNames.cluster(scope, nameOrArn))
                .filter(c -> ACTIVE.equals(c.value().status()))
                .map(Stored::name)
                .orElseThrow(EcsErrors::clusterNotFound);
    }
}
