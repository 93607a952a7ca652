package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.Failure;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Has each cluster's nodes be as the stored cluster and Slurm want them, and notes when they are. Thread-safe. */
final class ClusterReconciler implements AutoCloseable {
    /** After this a host may have room for a node that it had none for. Each time leaves a record in the audit trail. */
    private static final Duration RETRY = Duration.ofSeconds(30);
    /** What happens to nodes is announced; this is for what is not, such as an agent that registers. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final ClusterStore store;
    private final Events events;
    private final SlurmClusters slurm;
    private final InstantSource clock;
    private final Reconciler<Key> reconciler = new Reconciler<>("hpc-clusters", this::reconcile);
    private final Reconciler<String> rounds = new Reconciler<>("hpc-rounds", round -> enqueueAll());

    private record Key(Scope scope, String name) {}

    ClusterReconciler(ClusterStore store, Events events, SlurmClusters slurm, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.slurm = slurm;
        this.clock = clock;
    }

    /** Follows changes, and looks at every cluster: what happened while this process was not there is not known. */
    void start() {
        events.subscribe(ClusterStore.CLUSTER, change -> reconciler.enqueue(new Key(change.scope(), change.name())));
        slurm.onChange(() -> rounds.enqueue("nodes"));
        rounds.enqueue("first");
    }

    private void enqueueAll() {
        store.clusters().all().forEach(cluster -> reconciler.enqueue(new Key(cluster.scope(), cluster.name())));
    }

    private void reconcile(Key key) {
        store.clusters()
                .find(key.scope(), key.name())
                .flatMap(this::step)
                .ifPresent(pause -> reconciler.enqueueAfter(key, pause));
    }

    /** @return after how long to look again, if no change tells */
    Optional<Duration> step(Stored<HpcCluster> cluster) {
        HpcCluster value = cluster.value();
        return switch (value.status()) {
            case DELETE_IN_PROGRESS -> delete(cluster);
            case CREATE_FAILED -> value.rollback() && !slurm.stop(value.id()) ? Optional.of(LOOK) : Optional.empty();
            case CREATE_IN_PROGRESS, CREATE_COMPLETE, UPDATE_IN_PROGRESS, UPDATE_COMPLETE, UPDATE_FAILED ->
                run(cluster);
            case DELETE_FAILED, DELETE_COMPLETE -> Optional.empty();
        };
    }

    private Optional<Duration> delete(Stored<HpcCluster> cluster) {
        if (!slurm.stop(cluster.value().id())) {
            return Optional.of(LOOK);
        }
        slurm.remove(cluster.value().id());
        store.database().write(tx -> {
            store.giveUsers(tx, cluster.value().firstUser());
            return store.clusters().deleteIfPresent(tx, cluster.scope(), cluster.name());
        });
        return Optional.empty();
    }

    private Optional<Duration> run(Stored<HpcCluster> cluster) {
        SlurmCluster described = Descriptions.of(cluster);
        Set<String> wanted = cluster.value().mayHaveNodes() ? wanted(cluster.value(), described) : Set.of();
        Map<String, String> unavailable = slurm.run(described, wanted);
        Set<String> there = slurm.instances(described).keySet();
        HpcCluster settled = settled(cluster.value(), described, there).withUnavailable(unavailable);
        if (!settled.equals(cluster.value())) {
            store.database().write(tx -> settle(tx, cluster, settled));
            return Optional.empty(); // the change has it looked at again
        }
        if (!unavailable.isEmpty()) {
            return Optional.of(RETRY);
        }
        boolean settles =
                cluster.value().status() == ClusterStatus.CREATE_IN_PROGRESS || !there.contains(SlurmClusters.HEAD);
        return settles ? Optional.of(LOOK) : Optional.empty();
    }

    private static Set<String> wanted(HpcCluster cluster, SlurmCluster described) {
        Set<String> known = described.nodes().stream().map(SlurmNode::name).collect(Collectors.toSet());
        known.retainAll(cluster.report().wanted());
        return known;
    }

    /** What a cluster has become. */
    private HpcCluster settled(HpcCluster cluster, SlurmCluster described, Set<String> there) {
        Instant now = clock.instant();
        HpcCluster settled = switch (cluster.fleet()) {
            case START_REQUESTED, STARTING ->
                cluster.states().isEmpty() ? cluster : cluster.with(ComputeFleetStatus.RUNNING, now);
            case STOP_REQUESTED, STOPPING ->
                there.stream().allMatch(SlurmClusters.HEAD::equals)
                        ? cluster.with(ComputeFleetStatus.STOPPED, now)
                        : cluster;
            case RUNNING, PROTECTED, STOPPED, UNKNOWN -> cluster;
        };
        if (cluster.status() != ClusterStatus.CREATE_IN_PROGRESS) {
            return settled;
        }
        boolean ready = !cluster.states().isEmpty()
                && described.nodes().stream()
                        .filter(SlurmNode::permanent)
                        .allMatch(node -> cluster.report().isReady(node.name()));
        if (ready) {
            return settled.with(ClusterStatus.CREATE_COMPLETE, now);
        }
        Optional<Failure> failure = failure(cluster, described, now);
        return failure.isPresent() ? settled.failed(failure.get(), now) : settled;
    }

    private Optional<Failure> failure(HpcCluster cluster, SlurmCluster described, Instant now) {
        if (cluster.states().isEmpty()) {
            Optional<String> reason = slurm.failure(described);
            if (reason.isPresent()) {
                return Optional.of(new Failure("HeadNodeBootstrapFailure", reason.get()));
            }
        }
        Duration patience = described.configuration().slurm().computeBootstrapTimeout();
        if (now.isBefore(Instant.ofEpochMilli(cluster.created()).plus(patience))) {
            return Optional.empty();
        }
        String missing = described.nodes().stream()
                .filter(node -> node.permanent() && !cluster.report().isReady(node.name()))
                .map(node -> "%s %s"
                        .formatted(node.name(), cluster.unavailable().getOrDefault(node.name(), "did not come up")))
                .collect(Collectors.joining("; "));
        return Optional.of(
                cluster.states().isEmpty()
                        ? new Failure("HeadNodeBootstrapTimeout", "the head node did not come up within " + patience)
                        : new Failure("StaticNodeBootstrapTimeout", missing));
    }

    /** Nothing when it has changed meanwhile: then it is looked at again. */
    private boolean settle(Transaction tx, Stored<HpcCluster> cluster, HpcCluster settled) throws SQLException {
        Optional<Stored<HpcCluster>> now = store.clusters().find(tx, cluster.scope(), cluster.name());
        if (now.isEmpty() || now.get().version() != cluster.version()) {
            return false;
        }
        store.clusters().update(tx, now.get().with(settled));
        return true;
    }

    @Override
    public void close() {
        rounds.close();
        reconciler.close();
    }
}
