package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The part of ParallelCluster that lives as long as the process. Thread-safe. */
public final class ParallelCluster implements AutoCloseable {
    /** As whom it calls other services. */
    public static final String PRINCIPAL = "parallelcluster.amazonaws.com";

    private final ClusterStore store;
    private final SlurmClusters slurm;
    private final ClusterReconciler reconciler;
    private final InstantSource clock;

    /** @param slurm runs what clusters are */
    public ParallelCluster(Database database, Events events, SlurmClusters slurm, InstantSource clock) {
        this.slurm = slurm;
        this.clock = clock;
        store = new ClusterStore(database, events);
        reconciler = new ClusterReconciler(store, events, slurm, clock);
    }

    /** Starts to have clusters be as they are wanted. */
    public void start() {
        reconciler.start();
    }

    /** ParallelCluster on behalf of one call. */
    public ParallelClusterApi client(Call call) {
        return new CallersClusters(call, store, slurm, clock);
    }

    /**
     * Takes what a head node tells of its cluster's nodes. It may be told again.
     *
     * @param secret what the head node shows
     * @param text a line of a node and its state for each
     * @return a line for each thing that the head node is to do: {@code partitions up}, or {@code inactive}, and {@code down NODE REASON};
     *     empty when there is no such cluster, or that is not its secret
     * @throws IllegalArgumentException when the text is another
     */
    public Optional<String> report(String id, String secret, String text) {
        if (!isSecret(id, secret)) {
            return Optional.empty();
        }
        NodeReport report = NodeReport.parse(text);
        return store.clusters().all().stream()
                .filter(one -> one.value().id().equals(id))
                .findFirst()
                .map(cluster -> answer(told(cluster, report), report));
    }

    private boolean isSecret(String id, String secret) {
        return MessageDigest.isEqual(
                slurm.secret(id).getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }

    private HpcCluster told(Stored<HpcCluster> cluster, NodeReport report) {
        if (cluster.value().states().equals(report.states())) {
            return cluster.value();
        }
        return store.database().write(tx -> {
            Optional<Stored<HpcCluster>> now = store.clusters().find(tx, cluster.scope(), cluster.name());
            if (now.isEmpty() || !now.get().value().id().equals(cluster.value().id())) {
                return cluster.value();
            }
            return store.clusters()
                    .update(tx, now.get().with(now.get().value().withStates(report.states())))
                    .value();
        });
    }

    private static String answer(HpcCluster cluster, NodeReport report) {
        StringBuilder lines = new StringBuilder("partitions ")
                .append(cluster.mayHaveNodes() ? "up" : "inactive")
                .append('\n');
        for (Map.Entry<String, String> one : cluster.unavailable().entrySet()) {
            if (report.wanted().contains(one.getKey())) {
                lines.append("down %s %s\n".formatted(one.getKey(), one.getValue()));
            }
        }
        return lines.toString();
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
