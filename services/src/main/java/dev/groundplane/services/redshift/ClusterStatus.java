package dev.groundplane.services.redshift;

import java.util.Locale;
import software.amazon.awssdk.services.redshift.model.Cluster;

/**
 * What a cluster is doing. Each but the last three is on its way: it is stored with the wish, and becomes what it leads to when whoever
 * listens for clients has made it so.
 *
 * <pre>
 *   CREATING ---------+
 *   MODIFYING         |
 *   RENAMING          |
 *   RESIZING          +--> AVAILABLE
 *   REBOOTING         |
 *   RESUMING  --------+
 *   PAUSING --> PAUSED
 *   FINAL_SNAPSHOT --> DELETING --> gone
 * </pre>
 *
 * Source: Redshift management guide, "Cluster status".
 */
enum ClusterStatus {
    CREATING("Modifying"),
    MODIFYING("Modifying"),
    RENAMING("Modifying"),
    RESIZING("Modifying"),
    REBOOTING("Unavailable"),
    RESUMING("Unavailable"),
    PAUSING("Unavailable"),
    FINAL_SNAPSHOT("Unavailable"),
    DELETING("Unavailable"),
    PAUSED("Unavailable"),
    /** It was to have the content of a snapshot that is damaged. */
    INCOMPATIBLE_RESTORE("Failed"),
    AVAILABLE("Available");

    /** AWS's ClusterAvailabilityStatus. */
    private final String availability;

    ClusterStatus(String availability) {
        this.availability = availability;
    }

    static ClusterStatus of(Cluster cluster) {
        return valueOf(cluster.clusterStatus().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** As AWS writes it. */
    String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether nobody is served meanwhile. */
    boolean isPaused() {
        return this == PAUSING || this == PAUSED;
    }

    /** Whether it is to be gone. */
    boolean isLeaving() {
        return settled() == DELETING;
    }

    /** What it becomes when it is served as it is wanted. */
    ClusterStatus settled() {
        return switch (this) {
            case CREATING, MODIFYING, RENAMING, RESIZING, REBOOTING, RESUMING, AVAILABLE -> AVAILABLE;
            case PAUSING, PAUSED -> PAUSED;
            case FINAL_SNAPSHOT, DELETING -> DELETING;
            case INCOMPATIBLE_RESTORE -> this;
        };
    }

    /** Whether it is as it is wanted, and not on its way. */
    boolean isSettled() {
        return this == settled();
    }

    /** Sets both of AWS's members. */
    Cluster.Builder on(Cluster.Builder cluster) {
        return cluster.clusterStatus(wire()).clusterAvailabilityStatus(availability);
    }

    /** Refuses a cluster that is in another state. */
    void require(Cluster cluster) {
        if (of(cluster) != this) {
            throw RedshiftErrors.state(cluster.clusterIdentifier(), cluster.clusterStatus(), wire());
        }
    }
}
