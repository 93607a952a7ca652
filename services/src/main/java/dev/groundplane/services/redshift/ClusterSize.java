package dev.groundplane.services.redshift;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;

/** Of what and how many nodes a cluster is. */
record ClusterSize(NodeType type, int nodes) {
    private static final String SINGLE = "single-node";
    private static final String MULTI = "multi-node";

    /**
     * What a request wants.
     *
     * @param type NodeType
     * @param clusterType ClusterType; without it the number of nodes tells
     * @param number NumberOfNodes
     */
    static ClusterSize of(@Nullable String type, @Nullable String clusterType, @Nullable Integer number) {
        NodeType of = NodeType.of(type);
        if (clusterType != null && !clusterType.equals(SINGLE) && !clusterType.equals(MULTI)) {
            throw RedshiftErrors.invalid("ClusterType '%s' must be %s or %s.", clusterType, SINGLE, MULTI);
        }
        int nodes = Objects.requireNonNullElse(number, 1);
        if (MULTI.equals(clusterType) && nodes < 2) {
            throw RedshiftErrors.combination(
                    "Number of nodes for cluster type %s must be greater than or equal to 2.", MULTI);
        }
        if (SINGLE.equals(clusterType) && nodes != 1) {
            throw RedshiftErrors.combination("Number of nodes for cluster type %s must be 1, not %d.", SINGLE, nodes);
        }
        if (nodes < of.fewest() || nodes > of.most()) {
            throw RedshiftErrors.invalid(
                    "NumberOfNodes %d must be from %d to %d for %s.", nodes, of.fewest(), of.most(), of.name());
        }
        return new ClusterSize(of, nodes);
    }

    /** A cluster's, with what a request changes of it. */
    static ClusterSize changed(
            Cluster cluster, @Nullable String type, @Nullable String clusterType, @Nullable Integer number) {
        boolean becomesSingle = SINGLE.equals(clusterType) && number == null;
        return of(
                Objects.requireNonNullElse(type, cluster.nodeType()),
                clusterType,
                becomesSingle ? Integer.valueOf(1) : Objects.requireNonNullElse(number, cluster.numberOfNodes()));
    }

    int capacity() {
        return type.capacity(nodes);
    }
}
