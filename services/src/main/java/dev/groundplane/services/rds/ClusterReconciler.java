package dev.groundplane.services.rds;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.ManagedPasswords;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;

/** Has each cluster's server be as the stored cluster and its instance want it, and notes when it is. Thread-safe. */
final class ClusterReconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReconciler.class);
    /** A server that starts tells nobody when it accepts connections. */
    private static final Duration LOOK = Duration.ofMillis(250);
    /** For one that does not come up. */
    private static final Duration SLOW_LOOK = Duration.ofSeconds(2);

    private static final int QUICK_LOOKS = 240;
    /** Certificates are renewed without anything being stored here. */
    private static final Duration ROUND = Duration.ofHours(1);

    private final RdsStore store;
    private final Events events;
    private final DatabaseServers servers;
    private final ClusterPorts ports;
    private final ManagedPasswords managed;
    private final Reconciler<ResourceChange> changes = new Reconciler<>("rds-changes", this::changed);
    private final Reconciler<String> rounds = new Reconciler<>("rds-rounds", this::lookAtAll);
    private final Map<Key, Integer> looks = new ConcurrentHashMap<>();
    private final Reconciler<Key> reconciler = new Reconciler<>("rds-clusters", this::reconcile);

    private record Key(Scope scope, String identifier) {}

    ClusterReconciler(
            RdsStore store, Events events, DatabaseServers servers, ClusterPorts ports, ManagedPasswords managed) {
        this.store = store;
        this.servers = servers;
        this.ports = ports;
        this.managed = managed;
        this.events = events;
    }

    /** Follows changes, and looks at every cluster: what happened while this process was not there is not known. */
    void start() {
        events.subscribe(RdsStore.CLUSTER, change -> enqueue(change.scope(), change.name()));
        events.subscribe(RdsStore.INSTANCE, changes::enqueue);
        events.subscribe(RdsStore.SNAPSHOT, changes::enqueue);
        rounds.enqueue("all");
        for (Stored<DBClusterSnapshot> snapshot : store.snapshots().all()) {
            changes.enqueue(new ResourceChange(RdsStore.SNAPSHOT, snapshot.scope(), snapshot.name()));
        }
    }

    private void lookAtAll(String round) {
        store.clusters().all().forEach(cluster -> enqueue(cluster.scope(), cluster.name()));
        rounds.enqueueAfter(round, ROUND);
    }

    private void enqueue(Scope scope, String identifier) {
        reconciler.enqueue(new Key(scope, identifier));
    }

    /** Of an instance or a snapshot: its cluster is to be looked at. */
    private void changed(ResourceChange change) {
        if (change.type().equals(RdsStore.INSTANCE)) {
            store.instances()
                    .find(change.scope(), change.name())
                    .ifPresent(
                            instance -> enqueue(change.scope(), instance.value().dbClusterIdentifier()));
        } else {
            store.snapshots().find(change.scope(), change.name()).ifPresent(snapshot -> {
                enqueue(change.scope(), snapshot.value().dbClusterIdentifier());
                removeIfDeleted(snapshot);
            });
        }
    }

    private void reconcile(Key key) {
        Optional<Stored<DBCluster>> cluster = store.clusters().find(key.scope(), key.identifier());
        if (cluster.isEmpty() || step(cluster.get())) {
            looks.remove(key);
            return;
        }
        reconciler.enqueueAfter(key, looks.merge(key, 1, Integer::sum) < QUICK_LOOKS ? LOOK : SLOW_LOOK);
    }

    /** Removes the files of a snapshot that is deleted, and then it. */
    void removeIfDeleted(Stored<DBClusterSnapshot> snapshot) {
        if (Snapshots.DELETING.equals(snapshot.value().status())) {
            servers.removeCopy(Objects.requireNonNull(snapshot.extra().get(Snapshots.FILES)));
            store.database().write(tx -> store.snapshots().deleteIfPresent(tx, snapshot.scope(), snapshot.name()));
        }
    }

    /** @return whether the cluster is as it is wanted; else it is to be looked at again */
    boolean step(Stored<DBCluster> cluster) {
        String copy = cluster.extra().get(RdsStore.RESTORE);
        if (copy != null) {
            servers.restore(copy, cluster.value().dbClusterResourceId());
            return store.database().write(tx -> restored(tx, cluster));
        }
        if (cluster.extra().containsKey(RdsStore.ROTATION) || cluster.extra().containsKey(RdsStore.UNMANAGED)) {
            finishSecrets(cluster);
            return false; // and now without them
        }
        Optional<Stored<DBInstance>> writer = store.writer(cluster.scope(), cluster.name());
        Status status = Status.of(cluster.value());
        String id = cluster.value().dbClusterResourceId();
        boolean deletesWriter = writer.isPresent() && Status.of(writer.get().value()) == Status.DELETING;
        if (status == Status.DELETING || deletesWriter || writer.isEmpty() || status.isStopped()) {
            if (!servers.stop(id)) {
                return false;
            }
            Optional<RuntimeException> failure = takeSnapshots(cluster, Optional.empty());
            if (deletesWriter) {
                store.database()
                        .write(tx -> store.instances()
                                .deleteIfPresent(
                                        tx, cluster.scope(), writer.get().name()));
                return false; // and now without it
            }
            if (status == Status.DELETING) {
                rethrow(failure); // a last snapshot comes before
                return remove(cluster);
            }
            boolean settled = settle(cluster, writer, cluster.value().engineVersion());
            rethrow(failure);
            return settled;
        }
        DatabaseServer server = ServerDescription.of(cluster, writer.get().value());
        Optional<String> answers = servers.run(server);
        if (answers.isEmpty()) {
            return false;
        }
        Optional<RuntimeException> failure = takeSnapshots(cluster, Optional.of(server));
        boolean settled = settle(cluster, writer, answers.get());
        rethrow(failure);
        return settled;
    }

    /** It is tried again, each time a little later. */
    private static void rethrow(Optional<RuntimeException> failure) {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Secrets become what {@code ModifyDBCluster} has stored; the cluster is modified again only after that. */
    private void finishSecrets(Stored<DBCluster> cluster) {
        String rotation = cluster.extra().get(RdsStore.ROTATION);
        MasterUserSecret secret = cluster.value().masterUserSecret();
        if (rotation != null && secret != null) {
            managed.put(
                    cluster.scope(),
                    secret.secretArn(),
                    rotation,
                    cluster.value().masterUsername());
        }
        String unmanaged = cluster.extra().get(RdsStore.UNMANAGED);
        if (unmanaged != null) {
            managed.remove(cluster.scope(), unmanaged);
        }
        store.database().write(tx -> {
            Stored<DBCluster> now = store.requireCluster(tx, cluster.scope(), cluster.name());
            return store.clusters()
                    .update(tx, now.withExtra(RdsStore.ROTATION, null).withExtra(RdsStore.UNMANAGED, null));
        });
    }

    /** @return whether nothing is left to be done, which is not so */
    private boolean restored(Transaction tx, Stored<DBCluster> cluster) throws SQLException {
        Stored<DBCluster> now = store.requireCluster(tx, cluster.scope(), cluster.name());
        store.clusters().update(tx, now.withExtra(RdsStore.RESTORE, null));
        return false;
    }

    /** @return why one cannot be taken now, which hinders none of the others */
    private Optional<RuntimeException> takeSnapshots(Stored<DBCluster> cluster, Optional<DatabaseServer> running) {
        Optional<RuntimeException> failure = Optional.empty();
        for (Stored<DBClusterSnapshot> snapshot : store.creating(cluster)) {
            try {
                take(cluster, running, snapshot);
            } catch (RuntimeException e) { // of the disk or the server
                LOG.warn("snapshot {} of cluster {} cannot be taken now", snapshot.name(), cluster.name());
                failure = failure.or(() -> Optional.of(e));
            }
        }
        return failure;
    }

    /** Copies that nobody wants any more are not made, and not kept. */
    private void take(Stored<DBCluster> cluster, Optional<DatabaseServer> running, Stored<DBClusterSnapshot> snapshot) {
        boolean wanted = store.snapshots()
                .find(snapshot.scope(), snapshot.name())
                .filter(now -> Snapshots.CREATING.equals(now.value().status()))
                .isPresent();
        if (wanted) {
            String copy = Objects.requireNonNull(snapshot.extra().get(Snapshots.FILES));
            servers.copy(cluster.value().dbClusterResourceId(), running, copy);
            if (!store.database().write(tx -> taken(tx, snapshot))) {
                servers.removeCopy(copy);
            }
        }
    }

    /** @return false when it was deleted meanwhile */
    private boolean taken(Transaction tx, Stored<DBClusterSnapshot> snapshot) throws SQLException {
        Optional<Stored<DBClusterSnapshot>> now = store.snapshots()
                .find(tx, snapshot.scope(), snapshot.name())
                .filter(found -> Snapshots.CREATING.equals(found.value().status()));
        if (now.isPresent()) {
            DBClusterSnapshot taken = now.get().value().toBuilder()
                    .status(Snapshots.AVAILABLE)
                    .percentProgress(100)
                    .build();
            store.snapshots().update(tx, now.get().with(taken));
        }
        return now.isPresent();
    }

    private boolean remove(Stored<DBCluster> cluster) {
        servers.remove(cluster.value().dbClusterResourceId());
        if (cluster.value().masterUserSecret() != null) {
            managed.remove(cluster.scope(), cluster.value().masterUserSecret().secretArn());
        }
        return store.database().write(tx -> {
            ports.give(tx, cluster.value().port());
            store.clusters().deleteIfPresent(tx, cluster.scope(), cluster.name());
            return true;
        });
    }

    private boolean settle(Stored<DBCluster> cluster, Optional<Stored<DBInstance>> writer, String version) {
        return store.database().write(tx -> settle(tx, cluster, writer, version));
    }

    /** Nothing when one of them has changed meanwhile: then they are looked at again. */
    private boolean settle(
            Transaction tx, Stored<DBCluster> cluster, Optional<Stored<DBInstance>> writer, String version)
            throws SQLException {
        Optional<Stored<DBCluster>> now = store.clusters().find(tx, cluster.scope(), cluster.name());
        Optional<Stored<DBInstance>> member = store.writer(tx, cluster.scope(), cluster.name());
        if (!now.map(Stored::version).equals(Optional.of(cluster.version()))
                || !member.map(Stored::version).equals(writer.map(Stored::version))) {
            return false;
        }
        DBCluster settled = cluster.value().toBuilder()
                .status(Status.of(cluster.value()).settled().wire())
                .engineVersion(version)
                .build();
        if (!settled.equals(cluster.value())) {
            store.clusters().update(tx, now.get().with(settled));
        }
        if (member.isPresent()) {
            DBInstance instance = Instances.settled(member.get().value(), settled);
            if (!instance.equals(member.get().value())) {
                store.instances().update(tx, member.get().with(instance));
            }
        }
        return true;
    }

    @Override
    public void close() {
        rounds.close();
        reconciler.close();
        changes.close();
    }
}
