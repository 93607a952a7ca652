package dev.groundplane.services.parallelcluster.configuration;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A valid configuration file: what of it chooses something here.
 *
 * @param region {@code Region}; empty means that of the call
 * @param os {@code Image/Os}, for example {@code alinux2023}
 * @param tags in the file's order
 */
public record ClusterConfiguration(
        Optional<String> region,
        String os,
        HeadNode headNode,
        Slurm slurm,
        List<SharedStorage> sharedStorage,
        Map<String, String> tags) {

    public ClusterConfiguration {
        sharedStorage = List.copyOf(sharedStorage);
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** The user that a cluster has from its beginning, by its operating system, as ParallelCluster's documentation lists them. */
    public String defaultUser() {
        if (os.startsWith("ubuntu")) {
            return "ubuntu";
        }
        return os.startsWith("rocky") ? "rocky" : "ec2-user";
    }
}
