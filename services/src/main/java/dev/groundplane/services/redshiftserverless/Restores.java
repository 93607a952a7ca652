package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.Backup;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.RecoveryPoint;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromRecoveryPointRequest;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromRecoveryPointResponse;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;

/** Namespaces that are to have the content of a snapshot or a recovery point instead of their own. */
final class Restores {
    private static final Set<String> FROM_SNAPSHOT = Set.of(
            "namespaceName", "workgroupName", "snapshotName", "snapshotArn", "ownerAccount", "manageAdminPassword");

    private final RedshiftStore store;
    private final SnapshotStore backups;
    private final Snapshots snapshots;
    private final RecoveryPoints points;

    Restores(RedshiftStore store, SnapshotStore backups, Snapshots snapshots, RecoveryPoints points) {
        this.store = store;
        this.backups = backups;
        this.snapshots = snapshots;
        this.points = points;
    }

    RestoreFromSnapshotResponse fromSnapshot(Call call, RestoreFromSnapshotRequest request) {
        RedshiftErrors.checkMembers(request, FROM_SNAPSHOT);
        if (Boolean.TRUE.equals(request.manageAdminPassword())) {
            throw RedshiftErrors.invalid(
                    "manageAdminPassword true is not implemented by Groundplane: the administrator's"
                            + " password is that of the snapshot; leave it out.");
        }
        Stored<Snapshot> from =
                snapshots.find(call.scope(), request.snapshotName(), request.snapshotArn(), request.ownerAccount());
        String backup = from.extra().getOrDefault(SnapshotStore.ID, "");
        return call.commit(tx -> RestoreFromSnapshotResponse.builder()
                .namespace(restore(
                        tx, call, request.namespaceName(), request.workgroupName(), backup, "Snapshot " + from.name()))
                .snapshotName(from.name())
                .ownerAccount(from.value().ownerAccount())
                .build());
    }

    RestoreFromRecoveryPointResponse fromRecoveryPoint(Call call, RestoreFromRecoveryPointRequest request) {
        RecoveryPoint from =
                points.find(call.scope(), request.recoveryPointId()).value();
        String id = from.recoveryPointId();
        return call.commit(tx -> {
            Namespace changed =
                    restore(tx, call, request.namespaceName(), request.workgroupName(), id, "Recovery point " + id);
            // Source: "Restoring a recovery point" is to the namespace that it was made of.
            if (!from.namespaceArn().equals(changed.namespaceArn())) {
                throw RedshiftErrors.invalid(
                        "Recovery point %s is one of the namespace %s; convert it to a snapshot to restore it to %s.",
                        id, from.namespaceName(), changed.namespaceName());
            }
            return RestoreFromRecoveryPointResponse.builder()
                    .namespace(changed)
                    .recoveryPointId(id)
                    .build();
        });
    }

    private Namespace restore(
            Transaction tx,
            Call call,
            @Nullable String namespaceName,
            @Nullable String workgroupName,
            String backup,
            String what)
            throws SQLException {
        String name = Rules.name("namespaceName", namespaceName);
        Stored<Namespace> namespace = store.requireAvailable(tx, call.scope(), name);
        Workgroup workgroup = store.requireWorkgroup(tx, call.scope(), Rules.name("workgroupName", workgroupName))
                .value();
        if (!workgroup.namespaceName().equals(name)) {
            throw RedshiftErrors.invalid(
                    "Workgroup %s is one of the namespace %s, not of %s.",
                    workgroup.workgroupName(), workgroup.namespaceName(), name);
        }
        Backup from = backups.backups()
                .find(tx, call.scope(), backup)
                .orElseThrow(() -> RedshiftErrors.notFound("Backup", backup));
        Snapshots.requireWhole(from, what, "restored");
        Namespace changed =
                namespace.value().toBuilder().status(NamespaceStatus.MODIFYING).build();
        store.namespaces().update(tx, namespace.with(changed));
        backups.backups().wantRestored(tx, call.scope(), name, changed.namespaceId(), from);
        return AttachedRoles.shown(changed);
    }
}
