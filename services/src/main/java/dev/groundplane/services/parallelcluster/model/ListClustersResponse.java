package dev.groundplane.services.parallelcluster.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some clusters, in order of their names. */
public record ListClustersResponse(
        List<ClusterInfoSummary> clusters, @Nullable String nextToken) {}
