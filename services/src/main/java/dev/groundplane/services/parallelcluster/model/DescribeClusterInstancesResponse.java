package dev.groundplane.services.parallelcluster.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cluster's nodes that there are. */
public record DescribeClusterInstancesResponse(
        List<ClusterInstance> instances, @Nullable String nextToken) {}
