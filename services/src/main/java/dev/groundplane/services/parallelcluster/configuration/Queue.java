package dev.groundplane.services.parallelcluster.configuration;

import java.util.List;

/**
 * A queue: one of Slurm's partitions.
 *
 * @param exclusive whether a job has its nodes for itself
 * @param customSettings parameters of the partition
 * @param computeResources kinds of nodes, in the file's order
 */
public record Queue(
        String name,
        boolean exclusive,
        List<Setting> customSettings,
        CustomActions customActions,
        List<ComputeResource> computeResources) {

    public Queue {
        customSettings = List.copyOf(customSettings);
        computeResources = List.copyOf(computeResources);
    }
}
