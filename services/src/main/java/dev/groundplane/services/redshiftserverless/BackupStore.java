package dev.groundplane.services.redshiftserverless;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.WarehouseStore;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.redshiftserverless.model.RecoveryPoint;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;

/** Snapshots by name, recovery points by id, the backups behind both, and restores by the namespace's id. Thread-safe. */
final class BackupStore {
    static final String BACKUP = "redshift-serverless:backup";
    static final String RESTORE = "redshift-serverless:restore";
    static final String SNAPSHOT = "redshift-serverless:snapshot";
    static final String POINT = "redshift-serverless:recovery-point";

    /** Extra of a snapshot: the id of its backup. */
    static final String ID = "backup";

    private static final String BY_ARN = "arn";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Resources<Backup> backups;
    private final Resources<Snapshot> snapshots;
    private final Resources<RecoveryPoint> points;
    private final Resources<Restore> restores;

    BackupStore(Database database, Events events) {
        backups =
                new Resources<>(database, events, ResourceType.of(BACKUP, BackupStore::encode, decoder(Backup.class)));
        restores = new Resources<>(
                database, events, ResourceType.of(RESTORE, BackupStore::encode, decoder(Restore.class)));
        WireForm<Snapshot> snapshot = WireForm.of(Snapshot.class, Snapshot::builder);
        snapshots = new Resources<>(
                database,
                events,
                new ResourceType<>(SNAPSHOT, snapshot::encode, snapshot::decode, BackupStore::indexes));
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

    private static String encode(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record always has a JSON form", e);
        }
    }

    private static <T> Function<String, T> decoder(Class<T> type) {
        return text -> {
            try {
                return JSON.readValue(text, type);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a stored %s cannot be read".formatted(type.getSimpleName()), e);
            }
        };
    }

    Resources<Backup> backups() {
        return backups;
    }

    Resources<Snapshot> snapshots() {
        return snapshots;
    }

    Resources<RecoveryPoint> points() {
        return points;
    }

    Resources<Restore> restores() {
        return restores;
    }

    Optional<Stored<Snapshot>> snapshotOfArn(Scope scope, String arn) {
        return snapshots.listByIndex(scope, BY_ARN, arn, "", 1).items().stream().findFirst();
    }

    /** The snapshot that has a backup, unless it is gone or it is a recovery point that does. */
    Optional<Stored<Snapshot>> snapshotOf(Transaction tx, Scope scope, String backup) throws SQLException {
        return snapshots.listByIndex(tx, scope, BY_ARN, arn(scope, backup), "", 1).items().stream()
                .findFirst();
    }

    /** A snapshot's ARN has its backup's id. */
    static String arn(Scope scope, String backup) {
        return scope.arn("redshift-serverless", "snapshot/" + backup);
    }
}
