package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.Backup;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.CreateClusterRequest;
import software.amazon.awssdk.services.redshift.model.RestoreFromClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.RestoreFromClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.RestoreStatus;
import software.amazon.awssdk.services.redshift.model.Snapshot;

/** {@code RestoreFromClusterSnapshot}: a new cluster with a snapshot's content. */
final class ClusterRestoration {
    static final String RESTORING = "restoring";
    static final String COMPLETED = "completed";
    static final String FAILED = "failed";

    private static final Set<String> MEMBERS = Set.of(
            "ClusterIdentifier",
            "SnapshotIdentifier",
            "SnapshotArn",
            "SnapshotClusterIdentifier",
            "OwnerAccount",
            "NodeType",
            "NumberOfNodes",
            "Port",
            "IamRoles",
            "DefaultIamRoleArn",
            "PubliclyAccessible",
            "AllowVersionUpgrade",
            "AutomatedSnapshotRetentionPeriod",
            "ManualSnapshotRetentionPeriod",
            "MaintenanceTrackName",
            "ClusterParameterGroupName",
            "ClusterSubnetGroupName",
            "IpAddressType",
            "AquaConfigurationStatus");

    private final ClusterCreation creation;
    private final ClusterSnapshotStore snapshots;

    ClusterRestoration(ClusterCreation creation, ClusterSnapshotStore snapshots) {
        this.creation = creation;
        this.snapshots = snapshots;
    }

    RestoreFromClusterSnapshotResponse restore(Call call, RestoreFromClusterSnapshotRequest request) {
        if (Boolean.TRUE.equals(request.manageMasterPassword())) {
            throw RedshiftErrors.invalid("ManageMasterPassword true is not implemented by Groundplane here: the"
                    + " administrator's password is that of the snapshot; leave it out.");
        }
        RedshiftErrors.checkMembers(request, MEMBERS);
        String name = SnapshotDescriptions.name(call.scope(), request.snapshotIdentifier(), request.snapshotArn())
                .orElseThrow(
                        () -> RedshiftErrors.combination("One of SnapshotIdentifier and SnapshotArn is required."));
        Stored<Snapshot> stored = snapshots
                .snapshots()
                .find(call.scope(), name)
                .filter(found -> request.ownerAccount() == null
                        || request.ownerAccount().equals(found.value().ownerAccount()))
                .filter(found -> request.snapshotArn() == null
                        || request.snapshotArn().equals(found.value().snapshotArn()))
                .orElseThrow(() -> RedshiftErrors.noSnapshot(name));
        Snapshot from = stored.value();
        ClusterSnapshots.requireOf(from, request.snapshotClusterIdentifier());
        CreateClusterRequest like = like(from, request);
        Cluster wanted = creation.described(call, like).toBuilder()
                .restoreStatus(restoring(from))
                .build();
        return call.commit(tx -> {
            Backup backup = require(tx, stored);
            Cluster cluster = creation.insert(
                    tx,
                    call,
                    wanted,
                    like.port(),
                    Objects.requireNonNull(backup.users()).verifier());
            snapshots
                    .backups()
                    .wantRestored(
                            tx, call.scope(), cluster.clusterIdentifier(), ClusterStore.namespaceId(cluster), backup);
            return RestoreFromClusterSnapshotResponse.builder().cluster(cluster).build();
        });
    }

    /** What the cluster would be made by, without the snapshot's content. */
    private static CreateClusterRequest like(Snapshot from, RestoreFromClusterSnapshotRequest request) {
        return CreateClusterRequest.builder()
                .clusterIdentifier(request.clusterIdentifier())
                .dbName(from.dbName())
                .masterUsername(from.masterUsername())
                .nodeType(Objects.requireNonNullElse(request.nodeType(), from.nodeType()))
                .numberOfNodes(Objects.requireNonNullElse(request.numberOfNodes(), from.numberOfNodes()))
                .port(request.port())
                .iamRoles(request.iamRoles())
                .defaultIamRoleArn(request.defaultIamRoleArn())
                .publiclyAccessible(request.publiclyAccessible())
                .allowVersionUpgrade(request.allowVersionUpgrade())
                .automatedSnapshotRetentionPeriod(request.automatedSnapshotRetentionPeriod())
                .manualSnapshotRetentionPeriod(request.manualSnapshotRetentionPeriod())
                .maintenanceTrackName(request.maintenanceTrackName())
                .clusterParameterGroupName(request.clusterParameterGroupName())
                .clusterSubnetGroupName(request.clusterSubnetGroupName())
                .ipAddressType(request.ipAddressType())
                .build();
    }

    /** The backup of a snapshot that was seen before the transaction; another one of its name is not meant. */
    private Backup require(Transaction tx, Stored<Snapshot> seen) throws SQLException {
        String id = seen.extra().getOrDefault(ClusterSnapshotStore.BACKUP, "");
        String status = snapshots
                .of(tx, seen.scope(), id)
                .orElseThrow(() -> RedshiftErrors.noSnapshot(seen.name()))
                .value()
                .status();
        if (!status.equals(ClusterSnapshots.AVAILABLE)) {
            throw RedshiftErrors.snapshotState(seen.name(), status, "available to be restored");
        }
        return snapshots.backups().find(tx, seen.scope(), id).orElseThrow(() -> RedshiftErrors.noSnapshot(seen.name()));
    }

    private static RestoreStatus restoring(Snapshot from) {
        return RestoreStatus.builder()
                .status(RESTORING)
                .snapshotSizeInMegaBytes(megabytes(from))
                .progressInMegaBytes(0L)
                .elapsedTimeInSeconds(0L)
                .build();
    }

    private static long megabytes(Snapshot snapshot) {
        return Math.round(Objects.requireNonNullElse(snapshot.totalBackupSizeInMegaBytes(), 0.0));
    }

    /** Whether a cluster's content is on its way. */
    static boolean isUnderWay(Cluster cluster) {
        return cluster.restoreStatus() != null
                && cluster.restoreStatus().status().equals(RESTORING);
    }

    /** A cluster that has a snapshot's content, or cannot have it. */
    static Cluster ended(Cluster cluster, boolean restored) {
        RestoreStatus before = cluster.restoreStatus();
        RestoreStatus.Builder status = before.toBuilder().status(restored ? COMPLETED : FAILED);
        if (restored) {
            status.progressInMegaBytes(before.snapshotSizeInMegaBytes());
        }
        Cluster.Builder ended = cluster.toBuilder().restoreStatus(status.build());
        return (restored ? ended : ClusterStatus.INCOMPATIBLE_RESTORE.on(ended)).build();
    }
}
