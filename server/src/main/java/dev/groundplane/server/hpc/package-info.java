/**
 * Clusters of Slurm on this machine: their files, their nodes as tasks of a reserved cluster, and what Slurm and control plane tell
 * each other. What clusters are wanted is not decided here.
 */
@NullMarked
package dev.groundplane.server.hpc;

import org.jspecify.annotations.NullMarked;
