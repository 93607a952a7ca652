package dev.groundplane.services.parallelcluster.configuration;

import java.util.List;

/**
 * Nodes of one kind in a queue.
 *
 * @param minCount static nodes, which are always there
 * @param maxCount static and dynamic nodes
 * @param customSettings parameters of the nodes
 */
public record ComputeResource(
        String name, InstanceType instanceType, int minCount, int maxCount, List<Setting> customSettings) {

    public ComputeResource {
        customSettings = List.copyOf(customSettings);
    }
}
