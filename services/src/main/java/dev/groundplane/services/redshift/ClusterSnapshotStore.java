package dev.groundplane.services.redshift;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.BackupStore;
import dev.groundplane.services.warehouse.WarehouseStore;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.redshift.model.Snapshot;

/** Snapshots of clusters by their identifiers, over the backups that they consist of. Thread-safe. */
final class ClusterSnapshotStore {
    static final String SNAPSHOT = "redshift:snapshot";

    /** Extra and index: the id of its backup. */
    static final String BACKUP = "backup";

    /** Extra and index: which databases it is of. */
    static final String NAMESPACE = "namespace";

    private final BackupStore backups;
    private final Resources<Snapshot> snapshots;

    ClusterSnapshotStore(Database database, Events events, BackupStore backups) {
        this.backups = backups;
        WireForm<Snapshot> form = WireForm.of(Snapshot.class, Snapshot::builder);
        snapshots = new Resources<>(
                database,
                events,
                new ResourceType<>(SNAPSHOT, form::encode, form::decode, (snapshot, extra) -> indexes(extra)));
    }

    private static Map<String, String> indexes(Map<String, String> extra) {
        Map<String, String> indexes = new HashMap<>(extra);
        indexes.keySet().retainAll(Set.of(BACKUP, NAMESPACE, WarehouseStore.EXPIRES));
        return Map.copyOf(indexes);
    }

    BackupStore backups() {
        return backups;
    }

    Resources<Snapshot> snapshots() {
        return snapshots;
    }

    /** @throws software.amazon.awssdk.services.redshift.model.ClusterSnapshotNotFoundException when there is none */
    Stored<Snapshot> require(Transaction tx, Scope scope, String identifier) throws SQLException {
        return snapshots.find(tx, scope, identifier).orElseThrow(() -> RedshiftErrors.noSnapshot(identifier));
    }

    /** The snapshot that has a backup, unless it is gone. */
    Optional<Stored<Snapshot>> of(Transaction tx, Scope scope, String backup) throws SQLException {
        return snapshots.listByIndex(tx, scope, BACKUP, backup, "", 1).items().stream()
                .findFirst();
    }

    /** The snapshots of a cluster's databases. */
    List<Stored<Snapshot>> ofNamespace(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        return snapshots
                .listByIndex(tx, scope, NAMESPACE, namespaceId, "", Resources.ALL)
                .items();
    }

    static String arn(Scope scope, String cluster, String identifier) {
        return scope.arn("redshift", "snapshot:%s/%s".formatted(cluster, identifier));
    }
}
