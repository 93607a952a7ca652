package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.NamespaceUsers;
import dev.groundplane.services.warehouse.Retention;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.CreateSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListSnapshotsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListSnapshotsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.SnapshotStatus;
import software.amazon.awssdk.services.redshiftserverless.model.Tag;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateSnapshotResponse;

/** Snapshots: wanted here, made by whoever has the files of namespaces. */
final class Snapshots {
    private final RedshiftStore store;
    private final SnapshotStore backups;
    private final InstantSource clock;

    Snapshots(RedshiftStore store, SnapshotStore backups, InstantSource clock) {
        this.store = store;
        this.backups = backups;
        this.clock = clock;
    }

    CreateSnapshotResponse create(Call call, CreateSnapshotRequest request) {
        String name = Rules.snapshotName("snapshotName", request.snapshotName());
        String namespace = Rules.name("namespaceName", request.namespaceName());
        int days = Rules.retentionDays("retentionPeriod", request.retentionPeriod());
        return call.commit(tx -> {
            Stored<Namespace> of = store.requireAvailable(tx, call.scope(), namespace);
            if (store.workgroupOf(tx, call.scope(), namespace).isEmpty()) {
                throw RedshiftErrors.invalid(
                        "You can't create a snapshot because there isn't a workgroup created for the namespace %s.",
                        namespace);
            }
            Backup backup = wanted(of.value());
            Snapshot snapshot = insert(tx, call, name, of.value(), backup, days, request.tags());
            return CreateSnapshotResponse.builder().snapshot(snapshot).build();
        });
    }

    private Backup wanted(Namespace namespace) {
        return Backup.wanted(
                Warehouse.Kind.WORKGROUP,
                UUID.randomUUID().toString(),
                namespace.namespaceId(),
                namespace.namespaceName(),
                null,
                namespace.dbName(),
                clock.millis());
    }

    /**
     * Refuses to go on while a snapshot of a namespace is made, which needs the namespace's users. In AWS's words, by which clients
     * like Terraform know that they are to try again.
     */
    void requireNoneComing(Transaction tx, Scope scope, Namespace namespace) throws SQLException {
        for (Stored<Snapshot> one :
                backups.snapshots().list(tx, scope, "", "", Resources.ALL).items()) {
            if (one.value().status() == SnapshotStatus.CREATING
                    && one.value().namespaceArn().equals(namespace.namespaceArn())) {
                throw RedshiftErrors.conflict(
                        "There is an operation running on the namespace %s: its snapshot %s is CREATING. Try deleting the"
                                + " namespace again later, or delete the snapshot.",
                        namespace.namespaceName(), one.name());
            }
        }
    }

    /** The last snapshot of a namespace that goes with this transaction. */
    void last(
            Transaction tx,
            Call call,
            Namespace namespace,
            NamespaceUsers users,
            String name,
            @Nullable Integer retentionPeriod)
            throws SQLException {
        insert(
                tx,
                call,
                Rules.snapshotName("finalSnapshotName", name),
                namespace,
                wanted(namespace).with(users),
                Rules.retentionDays("finalSnapshotRetentionPeriod", retentionPeriod),
                List.of());
    }

    /** Stores a snapshot that is to be made, with its backup. */
    Snapshot insert(
            Transaction tx, Call call, String name, Namespace namespace, Backup backup, int days, List<Tag> tags)
            throws SQLException {
        if (backups.snapshots().find(tx, call.scope(), name).isPresent()) {
            throw RedshiftErrors.conflict("Snapshot %s already exists.", name);
        }
        Instant now = clock.instant();
        Snapshot snapshot = Snapshot.builder()
                .snapshotName(name)
                .snapshotArn(SnapshotStore.arn(call.scope(), backup.id()))
                .namespaceName(namespace.namespaceName())
                .namespaceArn(namespace.namespaceArn())
                .adminUsername(namespace.adminUsername())
                .ownerAccount(call.scope().account())
                .status(SnapshotStatus.CREATING)
                .snapshotCreateTime(now)
                .snapshotRetentionStartTime(now)
                .snapshotRetentionPeriod(days)
                .build();
        backups.backups().want(tx, call.scope(), backup);
        Map<String, String> extra = retention(snapshot).set(Map.of(SnapshotStore.ID, backup.id()));
        backups.snapshots().insert(tx, call.scope(), name, snapshot, Tags.added(extra, tags));
        return shown(snapshot);
    }

    /** A snapshot whose files are durable. */
    Snapshot available(Snapshot snapshot, Backup whole) {
        Duration elapsed = Duration.between(snapshot.snapshotCreateTime(), clock.instant());
        return snapshot.toBuilder()
                .status(SnapshotStatus.AVAILABLE)
                .totalBackupSizeInMegaBytes(whole.megabytes())
                .actualIncrementalBackupSizeInMegaBytes(whole.megabytes())
                .backupProgressInMegaBytes(whole.megabytes())
                .elapsedTimeInSeconds(Math.max(0, elapsed.toSeconds()))
                .estimatedSecondsToCompletion(0L)
                .build();
    }

    /**
     * Refuses a backup that there are no files of.
     *
     * @param what it is a backup for, by name
     * @param use what is to be done with it, like {@code restored}
     * @throws software.amazon.awssdk.services.redshiftserverless.model.ConflictException unless it is whole
     */
    static void requireWhole(Backup backup, String what, String use) {
        if (backup.state() != Backup.State.WHOLE) {
            throw RedshiftErrors.conflict(
                    "%s is %s; it must be AVAILABLE to be %s.",
                    what, backup.state() == Backup.State.WANTED ? "CREATING" : "FAILED", use);
        }
    }

    private static Retention retention(Snapshot snapshot) {
        return new Retention(snapshot.snapshotRetentionStartTime(), snapshot.snapshotRetentionPeriod());
    }

    /** As clients see it, with the days that are left. */
    private Snapshot shown(Snapshot snapshot) {
        return snapshot.toBuilder()
                .snapshotRemainingDays(retention(snapshot).remainingDays(clock.instant()))
                .build();
    }

    GetSnapshotResponse get(Call call, GetSnapshotRequest request) {
        Stored<Snapshot> found =
                find(call.scope(), request.snapshotName(), request.snapshotArn(), request.ownerAccount());
        return GetSnapshotResponse.builder().snapshot(shown(found.value())).build();
    }

    /**
     * A snapshot by its name or its ARN, one of which is given. Those of other accounts are not shared.
     *
     * @throws software.amazon.awssdk.services.redshiftserverless.model.ResourceNotFoundException when there is none
     */
    Stored<Snapshot> find(Scope scope, @Nullable String name, @Nullable String arn, @Nullable String owner) {
        if ((name == null) == (arn == null)) {
            throw RedshiftErrors.invalid("Give either snapshotName or snapshotArn, and not both.");
        }
        String given = Objects.requireNonNullElse(name, Objects.requireNonNullElse(arn, ""));
        Optional<Stored<Snapshot>> found = name == null
                ? backups.snapshotOfArn(scope, given)
                : backups.snapshots().find(scope, name);
        return found.filter(snapshot -> owner == null || owner.equals(scope.account()))
                .orElseThrow(() -> RedshiftErrors.notFound("Snapshot", given));
    }

    ListSnapshotsResponse list(Call call, ListSnapshotsRequest request) {
        var page = backups.snapshots()
                .list(call.scope(), "", Rules.after(request.nextToken()), Rules.pageSize(request.maxResults()));
        return ListSnapshotsResponse.builder()
                .snapshots(page.items().stream()
                        .map(Stored::value)
                        .filter(snapshot -> request.namespaceName() == null
                                || request.namespaceName().equals(snapshot.namespaceName()))
                        .filter(snapshot -> request.namespaceArn() == null
                                || request.namespaceArn().equals(snapshot.namespaceArn()))
                        .filter(snapshot -> request.ownerAccount() == null
                                || request.ownerAccount().equals(snapshot.ownerAccount()))
                        .filter(snapshot ->
                                isWithin(snapshot.snapshotCreateTime(), request.startTime(), request.endTime()))
                        .map(this::shown)
                        .toList())
                .nextToken(Rules.token(page))
                .build();
    }

    static boolean isWithin(Instant time, @Nullable Instant start, @Nullable Instant end) {
        return (start == null || !time.isBefore(start)) && (end == null || !time.isAfter(end));
    }

    UpdateSnapshotResponse update(Call call, UpdateSnapshotRequest request) {
        String name = Objects.requireNonNullElse(request.snapshotName(), "");
        return call.commit(tx -> {
            Stored<Snapshot> stored = require(tx, call.scope(), name);
            if (request.retentionPeriod() == null) {
                return UpdateSnapshotResponse.builder()
                        .snapshot(shown(stored.value()))
                        .build();
            }
            Snapshot changed = stored.value().toBuilder()
                    .snapshotRetentionPeriod(Rules.retentionDays("retentionPeriod", request.retentionPeriod()))
                    .build();
            backups.snapshots()
                    .update(
                            tx,
                            new Stored<>(
                                    stored.scope(),
                                    stored.name(),
                                    stored.version(),
                                    changed,
                                    retention(changed).set(stored.extra())));
            return UpdateSnapshotResponse.builder().snapshot(shown(changed)).build();
        });
    }

    DeleteSnapshotResponse delete(Call call, DeleteSnapshotRequest request) {
        RedshiftErrors.checkMembers(request, Set.of("snapshotName"));
        String name = Objects.requireNonNullElse(request.snapshotName(), "");
        return call.commit(tx -> {
            Stored<Snapshot> stored = require(tx, call.scope(), name);
            backups.snapshots().delete(tx, stored);
            return DeleteSnapshotResponse.builder()
                    .snapshot(shown(stored.value()).toBuilder()
                            .status(SnapshotStatus.DELETED)
                            .build())
                    .build();
        });
    }

    private Stored<Snapshot> require(Transaction tx, Scope scope, String name) throws SQLException {
        return backups.snapshots().find(tx, scope, name).orElseThrow(() -> RedshiftErrors.notFound("Snapshot", name));
    }

    /** Removes those whose time is over. */
    void sweep() {
        WarehouseStore.removeExpired(store.database(), backups.snapshots(), clock.instant());
    }
}
