package dev.groundplane.server.hpc;

import dev.groundplane.services.parallelcluster.SlurmCluster;
import dev.groundplane.services.parallelcluster.SlurmClusters;
import dev.groundplane.services.parallelcluster.SlurmNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;

/** Clusters whose nodes are namespaces of this machine. Thread-safe, as long as each cluster is worked on by one thread at a time. */
public final class NamespaceClusters implements SlurmClusters {
    private final HpcSite site;
    private final UnaryOperator<String> secrets;
    private final ClusterFiles files;
    private final NodeTasks tasks;

    /**
     * @param ecs on behalf of ParallelCluster, in the site's account and region
     * @param watch has an action called after each change of a task of a cluster of ECS
     * @param secrets that of a cluster's id, always the same one
     */
    public NamespaceClusters(
            HpcSite site, EcsClient ecs, BiConsumer<String, Runnable> watch, UnaryOperator<String> secrets) {
        this.site = site;
        this.secrets = secrets;
        files = new ClusterFiles(site);
        tasks = new NodeTasks(ecs, watch, site.scope().region());
    }

    @Override
    public List<String> missing() {
        return SlurmPrograms.missing();
    }

    @Override
    public Map<String, String> run(SlurmCluster cluster, Set<String> nodes) {
        Optional<String> host = site.host().get();
        if (host.isEmpty()) {
            return Map.of(); // the agent is about to register
        }
        try {
            files.write(cluster, secret(cluster.id()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the files of cluster " + cluster.name(), e);
        }
        Function<String, List<String>> command = name -> command(cluster, name);
        tasks.runHead(cluster, command, host.get());
        Map<String, Task> running = tasks.nodes(cluster.id());
        running.forEach((name, task) -> {
            if (!nodes.contains(name)) {
                tasks.stop(task);
            }
        });
        Map<String, String> unavailable = new HashMap<>();
        for (SlurmNode node : cluster.nodes()) {
            if (nodes.contains(node.name()) && !running.containsKey(node.name())) {
                tasks.run(cluster, node, command, host.get()).ifPresent(reason -> unavailable.put(node.name(), reason));
            }
        }
        poke(cluster);
        return unavailable;
    }

    private void poke(SlurmCluster cluster) {
        try {
            files.poke(cluster.id());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot reach the head node of cluster " + cluster.name(), e);
        }
    }

    private List<String> command(SlurmCluster cluster, String name) {
        Path directory = site.cluster(cluster.id());
        return List.of("/bin/sh", directory.resolve(ClusterFiles.NODE).toString(), directory.toString(), name);
    }

    @Override
    public boolean stop(String id) {
        return tasks.stop(id);
    }

    @Override
    public void remove(String id) {
        tasks.remove(id);
        try {
            files.remove(id);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the files of cluster " + id, e);
        }
    }

    @Override
    public Map<String, Instance> instances(SlurmCluster cluster) {
        Map<String, Instance> there = new LinkedHashMap<>();
        tasks.head(cluster.id()).ifPresent(task -> there.put(HEAD, instance(task, 0)));
        Map<String, Task> running = tasks.nodes(cluster.id());
        for (SlurmNode node : cluster.nodes()) {
            Task task = running.get(node.name());
            if (task != null) {
                there.put(node.name(), instance(task, node.number()));
            }
        }
        return there;
    }

    private static Instance instance(Task task, int number) {
        String id = task.taskArn().substring(task.taskArn().lastIndexOf('/') + 1);
        return new Instance(
                id,
                SlurmAddresses.of(number),
                task.createdAt(),
                task.lastStatus().equals("RUNNING"));
    }

    @Override
    public void onChange(Runnable action) {
        tasks.onChange(action);
    }

    @Override
    public Optional<String> failure(SlurmCluster cluster) {
        return tasks.failure(cluster);
    }

    @Override
    public String secret(String id) {
        return secrets.apply(id);
    }
}
