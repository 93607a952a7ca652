package dev.groundplane.services.parallelcluster.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks for clusters.
 *
 * @param clusterStatus those that are so; empty for all
 */
public record ListClustersRequest(
        Set<ClusterStatus> clusterStatus, @Nullable String nextToken) {}
