package dev.groundplane.services.parallelcluster.configuration;

import java.util.List;

/**
 * {@code CustomActions}: scripts of a node's life, each list in the order in which they run.
 *
 * @param onNodeStart before a node is set up
 * @param onNodeConfigured when it is set up
 * @param onNodeUpdated after an update of the cluster; the head node's only
 */
public record CustomActions(List<Script> onNodeStart, List<Script> onNodeConfigured, List<Script> onNodeUpdated) {
    /** No scripts. */
    public static final CustomActions NONE = new CustomActions(List.of(), List.of(), List.of());

    public CustomActions {
        onNodeStart = List.copyOf(onNodeStart);
        onNodeConfigured = List.copyOf(onNodeConfigured);
        onNodeUpdated = List.copyOf(onNodeUpdated);
    }
}
