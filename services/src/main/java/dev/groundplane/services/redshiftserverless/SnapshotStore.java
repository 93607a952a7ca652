package dev.groundplane.services.redshiftserverless;

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
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.redshiftserverless.model.RecoveryPoint;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;

/** Snapshots by name and recovery points by id, over the backups behind both. Thread-safe. */
final class SnapshotStore {
    static final String SNAPSHOT = "redshift-serverless:snapshot";
    static final String POINT = "redshift-serverless:recovery-point";

    /** Extra of a snapshot: the id of its backup. */
    static final String ID = "backup";

    private static final String BY_ARN = "arn";
    private final BackupStore backups;
    private final Resources<Snapshot> snapshots;
    private final Resources<RecoveryPoint> points;

    SnapshotStore(Database database, Events events, BackupStore backups) {
        this.backups = backups;
        WireForm<Snapshot> snapshot = WireForm.of(Snapshot.class, Snapshot::builder);
        snapshots = new Resources<>(
                database,
                events,
                new ResourceType<>(SNAPSHOT, snapshot::encode, snapshot::decode, SnapshotStore::indexes));
        WireForm<RecoveryPoint> point = WireForm.of(RecoveryPoint.class, RecoveryPoint::builder);
        points = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        POINT,
                        point::encode,
                        point::decode,
                        (value, extra) -> Map.of(WarehouseStore.EXPIRES, extra.get(WarehouseStore.EXPIRES))));
    }

    private static Map<String, String> indexes(Snapshot snapshot, Map<String, String> extra) {
        String expires = extra.get(WarehouseStore.EXPIRES);
        return expires == null
                ? Map.of(BY_ARN, snapshot.snapshotArn())
                : Map.of(BY_ARN, snapshot.snapshotArn(), WarehouseStore.EXPIRES, expires);
    }

    BackupStore backups() {
        return backups;
    }

    Resources<Snapshot> snapshots() {
        return snapshots;
    }

    Resources<RecoveryPoint> points() {
        return points;
    }

    Optional<Stored<Snapshot>> snapshotOfArn(Scope scope, String arn) {
        return snapshots.listByIndex(scope, BY_ARN, arn, "", 1).items().stream().findFirst();
    }

    Optional<Stored<Snapshot>> snapshotOfArn(Transaction tx, Scope scope, String arn) throws SQLException {
        return snapshots.listByIndex(tx, scope, BY_ARN, arn, "", 1).items().stream()
                .findFirst();
    }

    /** The snapshot that has a backup, unless it is gone or it is a recovery point that does. */
    Optional<Stored<Snapshot>> snapshotOf(Transaction tx, Scope scope, String backup) throws SQLException {
        return snapshotOfArn(tx, scope, arn(scope, backup));
    }

    /** A snapshot's ARN has its backup's id. */
    static String arn(Scope scope, String backup) {
        return scope.arn("redshift-serverless", "snapshot/" + backup);
    }
}
