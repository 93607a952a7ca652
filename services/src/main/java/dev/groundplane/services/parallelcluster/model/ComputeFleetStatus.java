package dev.groundplane.services.parallelcluster.model;

/** Whether a cluster may have compute nodes. */
public enum ComputeFleetStatus {
    START_REQUESTED,
    STARTING,
    RUNNING,
    PROTECTED,
    STOP_REQUESTED,
    STOPPING,
    STOPPED,
    UNKNOWN
}
