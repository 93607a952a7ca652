package dev.groundplane.services.parallelcluster;

import dev.groundplane.services.parallelcluster.configuration.ClusterConfiguration;
import dev.groundplane.services.parallelcluster.configuration.ComputeResource;
import dev.groundplane.services.parallelcluster.configuration.Queue;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster as it is to be.
 *
 * @param id names it among all clusters of the installation, in a few letters and digits; never used again
 * @param name unique in its account and region
 * @param logGroup where its nodes log to
 * @param firstUser the first of a thousand user ids that no other cluster of the installation has
 * @param configuration all else
 */
public record SlurmCluster(String id, String name, String logGroup, int firstUser, ClusterConfiguration configuration) {
    /** Its compute nodes in their order. */
    public List<SlurmNode> nodes() {
        List<SlurmNode> nodes = new ArrayList<>();
        for (Queue queue : configuration.slurm().queues()) {
            for (ComputeResource resource : queue.computeResources()) {
                add(nodes, queue.name(), resource.name(), true, resource.minCount());
                add(nodes, queue.name(), resource.name(), false, resource.maxCount() - resource.minCount());
            }
        }
        return nodes;
    }

    /** What a node is made from. */
    public ComputeResource resource(SlurmNode node) {
        return configuration.slurm().queues().stream()
                .filter(queue -> queue.name().equals(node.queue()))
                .flatMap(queue -> queue.computeResources().stream())
                .filter(resource -> resource.name().equals(node.resource()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s is no node of cluster %s".formatted(node, name)));
    }

    private static void add(List<SlurmNode> nodes, String queue, String resource, boolean permanent, int count) {
        String kind = permanent ? "st" : "dy";
        for (int i = 1; i <= count; i++) {
            String name = "%s-%s-%s-%d".formatted(queue, kind, resource, i);
            nodes.add(new SlurmNode(name, nodes.size() + 1, queue, resource, permanent));
        }
    }
}
