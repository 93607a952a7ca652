package dev.groundplane.services.parallelcluster.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cluster as a whole. */
public record DescribeClusterResponse(
        String clusterName,
        String region,
        String version,
        ClusterStatus clusterStatus,
        String cloudformationStackArn,
        String cloudFormationStackStatus,
        Instant creationTime,
        Instant lastUpdatedTime,
        Configuration clusterConfiguration,
        ComputeFleetStatus computeFleetStatus,
        Scheduler scheduler,
        List<Tag> tags,
        @Nullable HeadNode headNode,
        @Nullable List<Failure> failures) {
    /**
     * Where the configuration is.
     *
     * @param url a data URL with all of it
     */
    public record Configuration(String url) {}
}
