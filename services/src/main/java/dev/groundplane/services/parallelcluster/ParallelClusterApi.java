package dev.groundplane.services.parallelcluster;

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

/**
 * ParallelCluster 3's REST API, on behalf of one call. Each method throws {@link ParallelClusterException} to refuse. Source: AWS
 * ParallelCluster, {@code api/spec/openapi/ParallelCluster.openapi.yaml}.
 */
public interface ParallelClusterApi {
    /** Makes a cluster; it is there when its status is {@code CREATE_COMPLETE}. */
    CreateClusterResponse createCluster(CreateClusterRequest request);

    /** The clusters of the account and region. */
    ListClustersResponse listClusters(ListClustersRequest request);

    /** A cluster by its name. */
    DescribeClusterResponse describeCluster(String clusterName);

    /** Removes a cluster with all that it has; nothing is found under its name when it is gone. */
    DeleteClusterResponse deleteCluster(String clusterName);

    /** Whether the cluster may have compute nodes. */
    ComputeFleet describeComputeFleet(String clusterName);

    /**
     * Starts or stops all compute nodes.
     *
     * @param status {@code START_REQUESTED} or {@code STOP_REQUESTED}
     */
    ComputeFleet updateComputeFleet(String clusterName, ComputeFleetStatus status);

    /** The nodes that there are. */
    DescribeClusterInstancesResponse describeClusterInstances(DescribeClusterInstancesRequest request);
}
