package dev.groundplane.server.http;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.parallelcluster.ParallelClusterApi;
import dev.groundplane.services.parallelcluster.ParallelClusterException;
import dev.groundplane.services.parallelcluster.model.ClusterInfoSummary;
import dev.groundplane.services.parallelcluster.model.ClusterInstance;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleet;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.CreateClusterRequest;
import dev.groundplane.services.parallelcluster.model.CreateClusterResponse;
import dev.groundplane.services.parallelcluster.model.DeleteClusterResponse;
import dev.groundplane.services.parallelcluster.model.DescribeClusterInstancesRequest;
import dev.groundplane.services.parallelcluster.model.DescribeClusterInstancesResponse;
import dev.groundplane.services.parallelcluster.model.DescribeClusterResponse;
import dev.groundplane.services.parallelcluster.model.DescribeClusterResponse.Configuration;
import dev.groundplane.services.parallelcluster.model.ListClustersRequest;
import dev.groundplane.services.parallelcluster.model.ListClustersResponse;
import dev.groundplane.services.parallelcluster.model.NodeType;
import dev.groundplane.services.parallelcluster.model.Scheduler;
import dev.groundplane.services.parallelcluster.model.Tag;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Clusters without nodes, by scope and name: small, but real. A configuration that is {@code wrong} is invalid. */
final class ClustersInMemory {
    static final Instant MADE = Instant.parse("2026-01-15T12:00:00Z");

    private final Map<String, ComputeFleetStatus> fleets = new TreeMap<>();
    CreateClusterRequest lastCreation = new CreateClusterRequest(null, null, null, ValidationLevel.ERROR, false, true);

    private static String key(Scope scope, String name) {
        return scope.account() + "/" + scope.region() + "/" + name;
    }

    /** On behalf of a call. */
    ParallelClusterApi on(Call call) {
        return new OfCall(call);
    }

    private final class OfCall implements ParallelClusterApi {
        private final Call call;

        private OfCall(Call call) {
            this.call = call;
        }

        private <R> R change(Supplier<R> change) {
            return call.commit(tx -> change.get());
        }

        private ComputeFleetStatus require(String name) {
            return Optional.ofNullable(fleets.get(key(call.scope(), name)))
                    .orElseThrow(() -> ParallelClusterException.notFound(name));
        }

        private ClusterInfoSummary summary(String name, ClusterStatus status) {
            return new ClusterInfoSummary(
                    name,
                    call.scope().region(),
                    "3.12.0",
                    call.scope().arn("cloudformation", "stack/" + name),
                    status.name(),
                    status,
                    Scheduler.SLURM);
        }

        @Override
        public CreateClusterResponse createCluster(CreateClusterRequest request) {
            lastCreation = request;
            ConfigValidationMessage message = new ConfigValidationMessage(
                    "Scheduling/SlurmQueues[0]/Name", "NameValidator", ValidationLevel.WARNING, "is odd");
            if ("wrong".equals(request.clusterConfiguration())) {
                throw ParallelClusterException.invalid(List.of(
                        message, new ConfigValidationMessage(null, "AllValidator", ValidationLevel.ERROR, "is bad")));
            }
            if (request.dryrun()) {
                throw ParallelClusterException.dryRun(List.of(message));
            }
            String name = String.valueOf(request.clusterName());
            return change(() -> {
                fleets.put(key(call.scope(), name), ComputeFleetStatus.RUNNING);
                return new CreateClusterResponse(summary(name, ClusterStatus.CREATE_IN_PROGRESS), List.of(message));
            });
        }

        @Override
        public ListClustersResponse listClusters(ListClustersRequest request) {
            String prefix = key(call.scope(), "");
            boolean asked = request.clusterStatus().isEmpty()
                    || request.clusterStatus().contains(ClusterStatus.CREATE_COMPLETE);
            return new ListClustersResponse(
                    fleets.keySet().stream()
                            .filter(key -> asked && key.startsWith(prefix))
                            .map(key -> summary(key.substring(prefix.length()), ClusterStatus.CREATE_COMPLETE))
                            .toList(),
                    null);
        }

        @Override
        public DescribeClusterResponse describeCluster(String clusterName) {
            ComputeFleetStatus fleet = require(clusterName);
            return new DescribeClusterResponse(
                    clusterName,
                    call.scope().region(),
                    "3.12.0",
                    ClusterStatus.CREATE_COMPLETE,
                    call.scope().arn("cloudformation", "stack/" + clusterName),
                    "CREATE_COMPLETE",
                    MADE,
                    MADE.plusNanos(1_234_567),
                    new Configuration("data:,"),
                    fleet,
                    Scheduler.SLURM,
                    List.of(new Tag("k", "v")),
                    null,
                    null);
        }

        @Override
        public DeleteClusterResponse deleteCluster(String clusterName) {
            require(clusterName);
            return change(() -> {
                fleets.remove(key(call.scope(), clusterName));
                return new DeleteClusterResponse(summary(clusterName, ClusterStatus.DELETE_IN_PROGRESS));
            });
        }

        @Override
        public ComputeFleet describeComputeFleet(String clusterName) {
            return new ComputeFleet(require(clusterName), MADE);
        }

        @Override
        public ComputeFleet updateComputeFleet(String clusterName, ComputeFleetStatus status) {
            require(clusterName);
            return change(() -> {
                fleets.put(key(call.scope(), clusterName), status);
                return new ComputeFleet(status, MADE);
            });
        }

        @Override
        public DescribeClusterInstancesResponse describeClusterInstances(DescribeClusterInstancesRequest request) {
            require(request.clusterName());
            if (request.queueName() != null && request.queueName().equals("broken")) {
                throw new IllegalStateException("a defect");
            }
            return new DescribeClusterInstancesResponse(
                    List.of(new ClusterInstance(
                            "i-1",
                            "c5.large",
                            MADE,
                            "127.0.0.1",
                            "running",
                            Optional.ofNullable(request.nodeType()).orElse(NodeType.HeadNode),
                            request.queueName())),
                    request.nextToken());
        }
    }
}
