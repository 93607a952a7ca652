package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.NamespaceUsers;
import dev.groundplane.services.warehouse.Retention;
import dev.groundplane.services.warehouse.Warehouse;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.CreateClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.CreateClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.DeleteClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.DeleteClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.ModifyClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.Snapshot;
import software.amazon.awssdk.services.redshift.model.Tag;

/** Snapshots of clusters: wanted here, made by whoever has the files of namespaces. */
final class ClusterSnapshots {
    static final String CREATING = "creating";
    static final String AVAILABLE = "available";
    static final String FAILED = "failed";

    private final ClusterStore clusters;
    private final ClusterSnapshotStore store;
    private final InstantSource clock;

    ClusterSnapshots(ClusterStore clusters, ClusterSnapshotStore store, InstantSource clock) {
        this.clusters = clusters;
        this.store = store;
        this.clock = clock;
    }

    CreateClusterSnapshotResponse create(Call call, CreateClusterSnapshotRequest request) {
        String name = ClusterRules.snapshot("SnapshotIdentifier", request.snapshotIdentifier());
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        int days = ClusterRules.retentionDays("ManualSnapshotRetentionPeriod", request.manualSnapshotRetentionPeriod());
        List<Tag> tags = Tags.added(List.of(), request.tags());
        return call.commit(tx -> {
            Cluster cluster = clusters.require(tx, call.scope(), identifier).value();
            ClusterStatus.AVAILABLE.require(cluster);
            return CreateClusterSnapshotResponse.builder()
                    .snapshot(shown(insert(tx, call, name, cluster, wanted(cluster), days, tags)))
                    .build();
        });
    }

    private Backup wanted(Cluster cluster) {
        return Backup.wanted(
                Warehouse.Kind.CLUSTER,
                UUID.randomUUID().toString(),
                ClusterStore.namespaceId(cluster),
                cluster.clusterIdentifier(),
                null,
                cluster.dbName(),
                clock.millis());
    }

    /**
     * The last snapshot of a cluster that goes.
     *
     * @param name FinalClusterSnapshotIdentifier
     * @param retention FinalClusterSnapshotRetentionPeriod
     */
    void last(
            Transaction tx, Call call, Cluster cluster, NamespaceUsers users, String name, @Nullable Integer retention)
            throws SQLException {
        insert(
                tx,
                call,
                ClusterRules.snapshot("FinalClusterSnapshotIdentifier", name),
                cluster,
                wanted(cluster).with(users),
                ClusterRules.retentionDays("FinalClusterSnapshotRetentionPeriod", retention),
                List.of());
    }

    private Snapshot insert(
            Transaction tx, Call call, String name, Cluster cluster, Backup backup, int days, List<Tag> tags)
            throws SQLException {
        if (store.snapshots().find(tx, call.scope(), name).isPresent()) {
            throw RedshiftErrors.snapshotExists(name);
        }
        Instant now = clock.instant();
        Snapshot snapshot = Snapshot.builder()
                .snapshotIdentifier(name)
                .snapshotArn(ClusterSnapshotStore.arn(call.scope(), cluster.clusterIdentifier(), name))
                .snapshotType("manual")
                .snapshotCreateTime(now)
                .snapshotRetentionStartTime(now)
                .manualSnapshotRetentionPeriod(days)
                .status(CREATING)
                .ownerAccount(call.scope().account())
                .clusterIdentifier(cluster.clusterIdentifier())
                .clusterCreateTime(cluster.clusterCreateTime())
                .clusterVersion(cluster.clusterVersion())
                .maintenanceTrackName(cluster.maintenanceTrackName())
                .availabilityZone(cluster.availabilityZone())
                .port(cluster.endpoint().port())
                .masterUsername(cluster.masterUsername())
                .dbName(cluster.dbName())
                .nodeType(cluster.nodeType())
                .numberOfNodes(cluster.numberOfNodes())
                .encrypted(false)
                .encryptedWithHSM(false)
                .enhancedVpcRouting(false)
                .tags(tags)
                .build();
        store.backups().want(tx, call.scope(), backup);
        Map<String, String> extra =
                Map.of(ClusterSnapshotStore.BACKUP, backup.id(), ClusterSnapshotStore.NAMESPACE, backup.namespaceId());
        store.snapshots()
                .insert(tx, call.scope(), name, snapshot, retention(snapshot).set(extra));
        return snapshot;
    }

    private static Retention retention(Snapshot snapshot) {
        return new Retention(snapshot.snapshotRetentionStartTime(), snapshot.manualSnapshotRetentionPeriod());
    }

    /** As clients see it, with the days that are left. */
    Snapshot shown(Snapshot snapshot) {
        return snapshot.toBuilder()
                .manualSnapshotRemainingDays(retention(snapshot).remainingDays(clock.instant()))
                .build();
    }

    /** Whether one of a cluster's databases is being made, which needs the cluster's users. */
    boolean isComing(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        return store.ofNamespace(tx, scope, namespaceId).stream()
                .anyMatch(snapshot -> snapshot.value().status().equals(CREATING));
    }

    ModifyClusterSnapshotResponse modify(Call call, ModifyClusterSnapshotRequest request) {
        RedshiftErrors.checkMembers(request, Set.of("SnapshotIdentifier", "ManualSnapshotRetentionPeriod", "Force"));
        String name = ClusterRules.snapshot("SnapshotIdentifier", request.snapshotIdentifier());
        return call.commit(tx -> {
            Stored<Snapshot> stored = store.require(tx, call.scope(), name);
            if (request.manualSnapshotRetentionPeriod() == null) {
                return ModifyClusterSnapshotResponse.builder()
                        .snapshot(shown(stored.value()))
                        .build();
            }
            Snapshot changed = stored.value().toBuilder()
                    .manualSnapshotRetentionPeriod(ClusterRules.retentionDays(
                            "ManualSnapshotRetentionPeriod", request.manualSnapshotRetentionPeriod()))
                    .build();
            store.snapshots()
                    .update(
                            tx,
                            new Stored<>(
                                    stored.scope(),
                                    stored.name(),
                                    stored.version(),
                                    changed,
                                    retention(changed).set(stored.extra())));
            return ModifyClusterSnapshotResponse.builder()
                    .snapshot(shown(changed))
                    .build();
        });
    }

    DeleteClusterSnapshotResponse delete(Call call, DeleteClusterSnapshotRequest request) {
        String name = ClusterRules.snapshot("SnapshotIdentifier", request.snapshotIdentifier());
        return call.commit(tx -> {
            Stored<Snapshot> stored = store.require(tx, call.scope(), name);
            requireOf(stored.value(), request.snapshotClusterIdentifier());
            if (stored.value().status().equals(CREATING)) {
                throw RedshiftErrors.snapshotState(name, CREATING, "available or failed to be deleted");
            }
            store.snapshots().delete(tx, stored);
            return DeleteClusterSnapshotResponse.builder()
                    .snapshot(
                            shown(stored.value()).toBuilder().status("deleted").build())
                    .build();
        });
    }

    /** Refuses a snapshot that is one of another cluster than the request says, if it says that. */
    static void requireOf(Snapshot snapshot, @Nullable String cluster) {
        if (cluster != null
                && !snapshot.clusterIdentifier()
                        .equals(ClusterRules.identifier("SnapshotClusterIdentifier", cluster))) {
            throw RedshiftErrors.noSnapshot("%s of cluster %s".formatted(snapshot.snapshotIdentifier(), cluster));
        }
    }
}
