package dev.groundplane.services.parallelcluster.model;

/** A cluster in short. */
public record ClusterInfoSummary(
        String clusterName,
        String region,
        String version,
        String cloudformationStackArn,
        String cloudformationStackStatus,
        ClusterStatus clusterStatus,
        Scheduler scheduler) {}
