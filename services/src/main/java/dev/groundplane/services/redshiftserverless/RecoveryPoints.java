package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.ConvertRecoveryPointToSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ConvertRecoveryPointToSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetRecoveryPointRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetRecoveryPointResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListRecoveryPointsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListRecoveryPointsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.RecoveryPoint;

/**
 * Recovery points: wanted every half an hour while a namespace changes, and kept for a day. Source: Redshift's management guide,
 * "Snapshots and recovery points".
 */
final class RecoveryPoints {
    private static final Duration EVERY = Duration.ofMinutes(30);
    private static final Duration KEPT = Duration.ofHours(24);

    private final RedshiftStore store;
    private final SnapshotStore backups;
    private final Snapshots snapshots;
    private final InstantSource clock;

    RecoveryPoints(RedshiftStore store, SnapshotStore backups, Snapshots snapshots, InstantSource clock) {
        this.store = store;
        this.backups = backups;
        this.snapshots = snapshots;
        this.clock = clock;
    }

    GetRecoveryPointResponse get(Call call, GetRecoveryPointRequest request) {
        return GetRecoveryPointResponse.builder()
                .recoveryPoint(find(call.scope(), request.recoveryPointId()).value())
                .build();
    }

    /** @throws software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException when there is none */
    Stored<RecoveryPoint> find(Scope scope, @Nullable String id) {
        String wanted = Objects.requireNonNullElse(id, "");
        return backups.points()
                .find(scope, wanted)
                .orElseThrow(() -> RedshiftErrors.notFound("Recovery point", wanted));
    }

    ListRecoveryPointsResponse list(Call call, ListRecoveryPointsRequest request) {
        var page = backups.points()
                .list(call.scope(), "", Rules.after(request.nextToken()), Rules.pageSize(request.maxResults()));
        return ListRecoveryPointsResponse.builder()
                .recoveryPoints(page.items().stream()
                        .map(Stored::value)
                        .filter(point -> request.namespaceName() == null
                                || request.namespaceName().equals(point.namespaceName()))
                        .filter(point -> request.namespaceArn() == null
                                || request.namespaceArn().equals(point.namespaceArn()))
                        .filter(point -> Snapshots.isWithin(
                                point.recoveryPointCreateTime(), request.startTime(), request.endTime()))
                        .toList())
                .nextToken(Rules.token(page))
                .build();
    }

    ConvertRecoveryPointToSnapshotResponse convert(Call call, ConvertRecoveryPointToSnapshotRequest request) {
        String name = Rules.snapshotName("snapshotName", request.snapshotName());
        int days = Rules.retentionDays("retentionPeriod", request.retentionPeriod());
        return call.commit(tx -> {
            String id = Objects.requireNonNullElse(request.recoveryPointId(), "");
            RecoveryPoint point = backups.points()
                    .find(tx, call.scope(), id)
                    .orElseThrow(() -> RedshiftErrors.notFound("Recovery point", id))
                    .value();
            Backup source = backups.backups()
                    .find(tx, call.scope(), id)
                    .orElseThrow(() -> RedshiftErrors.notFound("Recovery point", id));
            Snapshots.requireWhole(source, "Recovery point " + id, "converted");
            Namespace of = Namespace.builder()
                    .namespaceName(point.namespaceName())
                    .namespaceArn(point.namespaceArn())
                    .adminUsername(
                            source.users() == null ? null : source.users().administrator())
                    .build();
            Backup copy = source.copy(UUID.randomUUID().toString(), clock.millis());
            return ConvertRecoveryPointToSnapshotResponse.builder()
                    .snapshot(snapshots.insert(tx, call, name, of, copy, days, request.tags()))
                    .build();
        });
    }

    /** Stores what a whole backup is a recovery point of. */
    void made(Transaction tx, Scope scope, Backup backup) throws SQLException {
        Instant at = Instant.ofEpochMilli(backup.createdMillis());
        RecoveryPoint point = RecoveryPoint.builder()
                .recoveryPointId(backup.id())
                .namespaceName(backup.namespace())
                .namespaceArn(scope.arn("redshift-serverless", "namespace/" + backup.namespaceId()))
                .workgroupName(backup.workgroup())
                .recoveryPointCreateTime(at)
                .totalSizeInMegaBytes(backup.megabytes())
                .build();
        backups.points()
                .insert(
                        tx,
                        scope,
                        backup.id(),
                        point,
                        Map.of(WarehouseStore.EXPIRES, WarehouseStore.expiry(at.plus(KEPT))));
    }

    /**
     * Wants a recovery point of a namespace unless the last one is younger than half an hour, or nothing has changed since.
     *
     * @param look what the namespace's files look like now
     */
    void want(Warehouse warehouse, String look) {
        store.database().write(tx -> {
            Optional<Backup> last = backups.backups().all(tx, warehouse.scope()).stream()
                    .filter(backup ->
                            backup.workgroup() != null && backup.namespaceId().equals(warehouse.namespaceId()))
                    .max(Comparator.comparingLong(Backup::createdMillis));
            boolean unneeded = last.filter(backup -> backup.state() == Backup.State.WANTED
                            || backup.createdMillis() > clock.millis() - EVERY.toMillis()
                            || look.equals(backup.seen()))
                    .isPresent();
            boolean available = store.namespaces()
                    .find(tx, warehouse.scope(), warehouse.namespace())
                    .filter(found -> found.value().status() == NamespaceStatus.AVAILABLE)
                    .isPresent();
            if (unneeded || !available) {
                return false;
            }
            Backup wanted = Backup.wanted(
                    warehouse.kind(),
                    UUID.randomUUID().toString(),
                    warehouse.namespaceId(),
                    warehouse.namespace(),
                    warehouse.workgroup(),
                    warehouse.database(),
                    clock.millis());
            backups.backups().want(tx, warehouse.scope(), wanted);
            return true;
        });
    }

    /** A namespace is gone, and its recovery points with it. */
    void removeAll(Transaction tx, Scope scope, Namespace namespace) throws SQLException {
        for (Stored<RecoveryPoint> point :
                backups.points().list(tx, scope, "", "", Resources.ALL).items()) {
            if (point.value().namespaceArn().equals(namespace.namespaceArn())) {
                backups.points().delete(tx, point);
            }
        }
    }

    /** Removes those whose time is over. */
    void sweep() {
        WarehouseStore.removeExpired(store.database(), backups.points(), clock.instant());
    }
}
