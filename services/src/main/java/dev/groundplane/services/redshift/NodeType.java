package dev.groundplane.services.redshift;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's nodes are. Source: Redshift management guide, "Clusters and nodes".
 *
 * @param name AWS's
 * @param memoryGigabytes of one node at AWS; sixteen of them are what a Redshift processing unit has there
 * @param fewest nodes that a cluster may have
 * @param most nodes that a cluster may have
 */
record NodeType(String name, int memoryGigabytes, int fewest, int most) {
    static final List<NodeType> ALL = List.of(
            new NodeType("dc2.large", 15, 1, 32),
            new NodeType("dc2.8xlarge", 244, 2, 128),
            new NodeType("ra3.large", 16, 1, 16),
            new NodeType("ra3.xlplus", 32, 1, 32),
            new NodeType("ra3.4xlarge", 96, 2, 128),
            new NodeType("ra3.16xlarge", 384, 2, 128));

    private static final int GIGABYTES_PER_UNIT = 16;

    /** The type of that name. */
    static NodeType of(@Nullable String name) {
        return ALL.stream()
                .filter(type -> type.name.equals(name))
                .findFirst()
                .orElseThrow(() -> RedshiftErrors.invalid(
                        "Invalid node type: %s. NodeType must be one of %s.",
                        String.valueOf(name), ALL.stream().map(NodeType::name).toList()));
    }

    /** Redshift processing units of so many nodes. */
    int capacity(int nodes) {
        return Math.max(1, nodes * memoryGigabytes / GIGABYTES_PER_UNIT);
    }
}
