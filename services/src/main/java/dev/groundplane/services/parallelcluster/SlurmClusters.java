package dev.groundplane.services.parallelcluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs clusters of Slurm and keeps their files. Each method may be repeated, after a crash too. What is not yet so is asked for
 * again. Thread-safe, as long as each cluster is worked on by one thread at a time.
 */
public interface SlurmClusters {
    /** The name of the head node. */
    String HEAD = "head";

    /** What clusters need and this machine does not have, and how to get it; empty when it has all. */
    List<String> missing();

    /**
     * Has a cluster's head node and these of its compute nodes run, and no others.
     *
     * @param nodes names of nodes of the cluster
     * @return why there cannot be such a node now, by its name
     */
    Map<String, String> run(SlurmCluster cluster, Set<String> nodes);

    /**
     * Has nothing of a cluster run; its files stay.
     *
     * @return whether nothing does
     */
    boolean stop(String id);

    /** Removes what a cluster that does not run has left; nothing when there is none. */
    void remove(String id);

    /** The nodes of a cluster that there are, by their names, {@link #HEAD} among them. */
    Map<String, Instance> instances(SlurmCluster cluster);

    /**
     * A node that there is.
     *
     * @param id of the task that it is
     * @param address in the cluster's network
     * @param running false while it is about to
     */
    record Instance(String id, String address, Instant launched, boolean running) {}

    /** Has an action called whenever a node may have come or gone. */
    void onChange(Runnable action);

    /** Why a cluster's head node does not come up, if that is certain. */
    Optional<String> failure(SlurmCluster cluster);

    /** What a head node shows when it calls: the secret that belongs to the cluster alone. */
    String secret(String id);
}
