package dev.groundplane.services.parallelcluster;

/**
 * A compute node that a cluster may have.
 *
 * @param name as ParallelCluster forms it: {@code queue-st-resource-1} is there always, {@code queue-dy-resource-1} when jobs want it
 * @param number of all nodes of the cluster, from 1 on; 0 is the head node
 * @param queue its partition
 * @param resource the compute resource that tells its size
 * @param permanent whether it is there always
 */
public record SlurmNode(String name, int number, String queue, String resource, boolean permanent) {}
