package dev.groundplane.services.rds;

import java.util.Locale;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * What a cluster or an instance is doing. Those on their way are stored with the wish, and become what they lead to when the
 * server is so.
 *
 * <pre>
 *   CREATING ---+
 *   MODIFYING   |
 *   REBOOTING   +--> AVAILABLE
 *   STARTING ---+
 *   STOPPING ------> STOPPED
 *   DELETING ------> gone
 * </pre>
 *
 * Source: Aurora user guide, "Viewing DB cluster status" and "Viewing DB instance status".
 */
enum Status {
    CREATING,
    MODIFYING,
    REBOOTING,
    STARTING,
    AVAILABLE,
    STOPPING,
    STOPPED,
    DELETING;

    static Status of(DBCluster cluster) {
        return valueOf(cluster.status().toUpperCase(Locale.ROOT));
    }

    static Status of(DBInstance instance) {
        return valueOf(instance.dbInstanceStatus().toUpperCase(Locale.ROOT));
    }

    /** As AWS writes it. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it becomes when the server is as it is wanted. */
    Status settled() {
        return switch (this) {
            case CREATING, MODIFYING, REBOOTING, STARTING, AVAILABLE -> AVAILABLE;
            case STOPPING, STOPPED -> STOPPED;
            case DELETING -> DELETING;
        };
    }

    /** Whether no server is to run. */
    boolean isStopped() {
        return this == STOPPING || this == STOPPED;
    }

    /** Refuses a cluster that is in another state. */
    void require(DBCluster cluster) {
        if (of(cluster) != this) {
            throw RdsErrors.clusterState(cluster.dbClusterIdentifier(), cluster.status(), wire());
        }
    }

    /** Refuses an instance that is in another state. */
    void require(DBInstance instance) {
        if (of(instance) != this) {
            throw RdsErrors.instanceState(instance.dbInstanceIdentifier(), instance.dbInstanceStatus(), wire());
        }
    }
}
