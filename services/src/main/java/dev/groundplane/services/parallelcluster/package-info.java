/**
 * AWS ParallelCluster 3: clusters of Slurm. No SDK has a client for its REST API, so the interface and the model are ours, with
 * the API's own names. This package tells what is wanted of clusters and follows
 * {@link dev.groundplane.services.parallelcluster.SlurmClusters}, which someone else implements, until it is so.
 */
@NullMarked
package dev.groundplane.services.parallelcluster;

import org.jspecify.annotations.NullMarked;
