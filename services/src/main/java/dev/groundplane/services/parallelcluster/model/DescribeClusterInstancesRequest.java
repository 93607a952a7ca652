package dev.groundplane.services.parallelcluster.model;

import org.jspecify.annotations.Nullable;

/** Asks for a cluster's nodes; null for all of them. */
public record DescribeClusterInstancesRequest(
        String clusterName,
        @Nullable NodeType nodeType,
        @Nullable String queueName,
        @Nullable String nextToken) {}
