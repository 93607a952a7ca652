package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;

/**
 * Clusters for the platform's own parts, such as the warehouse's workers. They have no container instances of their own: their
 * tasks are placed on those of every cluster of the account, and run with the agent's rights. Only services start something in
 * them; anyone whom policy lets may look.
 */
final class ReservedClusters {
    private static final String PREFIX = "groundplane-";

    private ReservedClusters() {}

    static boolean isReserved(String cluster) {
        return cluster.startsWith(PREFIX);
    }

    /** What the names of the instances begin with on which a cluster's tasks are placed. */
    static String instancesOf(String cluster) {
        return isReserved(cluster) ? "" : cluster + "/";
    }

    /** What the names of the clusters begin with, besides its own, whose tasks an instance may get. */
    static String sharing() {
        return PREFIX;
    }

    /**
     * Refuses that a caller makes a reserved cluster, or starts, changes or registers something in one.
     *
     * @throws software.amazon.awssdk.services.ecs.model.InvalidParameterException unless the caller is a service
     */
    static void check(Call call, String cluster) {
        if (isReserved(cluster) && !call.caller().isService()) {
            throw EcsErrors.invalidParameter(
                    "Cluster %s is reserved for Groundplane's own tasks: use a cluster whose name does not begin with %s.",
                    cluster, PREFIX);
        }
    }
}
