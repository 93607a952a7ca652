package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.parallelcluster.SlurmClusters.Instance;
import dev.groundplane.services.parallelcluster.model.ClusterInstance;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleet;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.CreateClusterRequest;
import dev.groundplane.services.parallelcluster.model.CreateClusterResponse;
import dev.groundplane.services.parallelcluster.model.DeleteClusterResponse;
import dev.groundplane.services.parallelcluster.model.DescribeClusterInstancesRequest;
import dev.groundplane.services.parallelcluster.model.DescribeClusterInstancesResponse;
import dev.groundplane.services.parallelcluster.model.DescribeClusterResponse;
import dev.groundplane.services.parallelcluster.model.ListClustersRequest;
import dev.groundplane.services.parallelcluster.model.ListClustersResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/** Clusters as one call sees and changes them. */
final class CallersClusters implements ParallelClusterApi {
    /** In which a fleet may be started and stopped. */
    private static final Set<ClusterStatus> SETTLED =
            Set.of(ClusterStatus.CREATE_COMPLETE, ClusterStatus.UPDATE_COMPLETE, ClusterStatus.UPDATE_FAILED);

    private static final int PAGE = 100;

    private final Call call;
    private final ClusterStore store;
    private final SlurmClusters slurm;
    private final InstantSource clock;

    CallersClusters(Call call, ClusterStore store, SlurmClusters slurm, InstantSource clock) {
        this.call = call;
        this.store = store;
        this.slurm = slurm;
        this.clock = clock;
    }

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest request) {
        return new ClusterCreation(call, store, slurm, clock).create(request);
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        String after = request.nextToken() == null ? "" : request.nextToken();
        var page = store.clusters().list(call.scope(), "", after, PAGE);
        return new ListClustersResponse(
                page.items().stream()
                        .filter(one -> request.clusterStatus().isEmpty()
                                || request.clusterStatus().contains(one.value().status()))
                        .map(ClusterView::summary)
                        .toList(),
                page.next().orElse(null));
    }

    @Override
    public DescribeClusterResponse describeCluster(String clusterName) {
        Stored<HpcCluster> cluster = store.require(call.scope(), clusterName);
        return ClusterView.of(cluster, slurm.instances(Descriptions.of(cluster)));
    }

    @Override
    public DeleteClusterResponse deleteCluster(String clusterName) {
        return call.commit(tx -> {
            Stored<HpcCluster> cluster = store.require(tx, call.scope(), clusterName);
            if (cluster.value().status() == ClusterStatus.DELETE_IN_PROGRESS) {
                return new DeleteClusterResponse(ClusterView.summary(cluster));
            }
            return new DeleteClusterResponse(ClusterView.summary(store.clusters()
                    .update(
                            tx,
                            cluster.with(cluster.value().with(ClusterStatus.DELETE_IN_PROGRESS, clock.instant())))));
        });
    }

    @Override
    public ComputeFleet describeComputeFleet(String clusterName) {
        return fleet(store.require(call.scope(), clusterName).value());
    }

    private static ComputeFleet fleet(HpcCluster cluster) {
        return new ComputeFleet(cluster.fleet(), Instant.ofEpochMilli(cluster.fleetChanged()));
    }

    @Override
    public ComputeFleet updateComputeFleet(String clusterName, ComputeFleetStatus status) {
        if (status != ComputeFleetStatus.START_REQUESTED && status != ComputeFleetStatus.STOP_REQUESTED) {
            throw ParallelClusterException.badRequest(
                    "the update compute fleet status can only be set to START_REQUESTED or STOP_REQUESTED, not %s."
                            .formatted(status));
        }
        return call.commit(tx -> {
            Stored<HpcCluster> cluster = store.require(tx, call.scope(), clusterName);
            if (!SETTLED.contains(cluster.value().status())) {
                throw ParallelClusterException.conflict("Cluster '%s' is in status %s; try again when it is complete."
                        .formatted(clusterName, cluster.value().status()));
            }
            HpcCluster changed = cluster.value().with(status, clock.instant());
            return fleet(store.clusters().update(tx, cluster.with(changed)).value());
        });
    }

    @Override
    public DescribeClusterInstancesResponse describeClusterInstances(DescribeClusterInstancesRequest request) {
        Stored<HpcCluster> cluster = store.require(call.scope(), request.clusterName());
        SlurmCluster described = Descriptions.of(cluster);
        Map<String, Instance> there = slurm.instances(described);
        return new DescribeClusterInstancesResponse(
                ClusterView.instances(described, there).stream()
                        .filter(one -> matches(one, request))
                        .toList(),
                null);
    }

    private static boolean matches(ClusterInstance instance, DescribeClusterInstancesRequest request) {
        return (request.nodeType() == null || request.nodeType() == instance.nodeType())
                && (request.queueName() == null || request.queueName().equals(instance.queueName()));
    }
}
