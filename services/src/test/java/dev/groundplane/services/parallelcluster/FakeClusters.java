package dev.groundplane.services.parallelcluster;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Clusters that do as the test says: nodes are there as soon as they are asked for, and end once they may. */
final class FakeClusters implements SlurmClusters {
    static final Instant LAUNCHED = Instant.parse("2026-01-15T12:00:01Z");

    /** The names of the nodes that there are, by the cluster's id. */
    final Map<String, Set<String>> nodes = new ConcurrentHashMap<>();

    /** The clusters that there are files of. */
    final Set<String> files = ConcurrentHashMap.newKeySet();

    /** For which nodes there is no room, and why. */
    final Map<String, String> full = new ConcurrentHashMap<>();

    /** Why head nodes do not come up, by the cluster's id. */
    final Map<String, String> failures = new ConcurrentHashMap<>();

    /** Names of the clusters that were to run, each time. */
    final BlockingQueue<String> runs = new LinkedBlockingQueue<>();

    /** What this machine lacks. */
    volatile List<String> missing = List.of();

    /** Whether nodes end when they are told to. */
    volatile boolean ends = true;

    @Override
    public List<String> missing() {
        return missing;
    }

    /** Nodes come and go only with {@link #run}, after which whoever asked looks anyhow. */
    @Override
    public void onChange(Runnable action) {}

    @Override
    public Map<String, String> run(SlurmCluster cluster, Set<String> wanted) {
        List<String> known = cluster.nodes().stream().map(SlurmNode::name).toList();
        if (!known.containsAll(wanted)) {
            throw new IllegalArgumentException("%s has not all of %s".formatted(cluster.name(), wanted));
        }
        Set<String> there = new TreeSet<>(wanted);
        there.removeAll(full.keySet());
        there.add(HEAD);
        if (!ends) {
            there.addAll(nodes.getOrDefault(cluster.id(), Set.of()));
        }
        nodes.put(cluster.id(), there);
        files.add(cluster.id());
        runs.add(cluster.name());
        Map<String, String> unavailable = new HashMap<>(full);
        unavailable.keySet().retainAll(wanted);
        return unavailable;
    }

    @Override
    public boolean stop(String id) {
        if (ends) {
            nodes.remove(id);
        }
        return !nodes.containsKey(id);
    }

    @Override
    public void remove(String id) {
        if (nodes.containsKey(id)) {
            throw new IllegalStateException("cluster %s runs".formatted(id));
        }
        files.remove(id);
    }

    @Override
    public Map<String, Instance> instances(SlurmCluster cluster) {
        Map<String, Instance> there = new LinkedHashMap<>();
        for (String name : nodes.getOrDefault(cluster.id(), Set.of())) {
            there.put(name, new Instance("task-of-" + name, "10.0.0.1", LAUNCHED, true));
        }
        return there;
    }

    @Override
    public Optional<String> failure(SlurmCluster cluster) {
        return Optional.ofNullable(failures.get(cluster.id()));
    }

    @Override
    public String secret(String id) {
        return "secret-of-" + id;
    }
}
