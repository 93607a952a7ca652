package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbClusterSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CreateDbClusterSnapshotResponse;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DeleteDbClusterSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbClusterSnapshotResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbClusterSnapshotsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbClusterSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.Tag;

/** Snapshots of clusters, which outlive them. */
final class Snapshots {
    static final String CREATING = "creating";
    static final String AVAILABLE = "available";
    static final String DELETING = "deleting";

    /** Extra of a snapshot: names its files; never used again. */
    static final String FILES = "files";

    /** Extra of a snapshot: the name of the database that was made with the cluster. */
    static final String DATABASE = "database";

    private static final Map<String, Function<DBClusterSnapshot, List<String>>> FILTERS = Map.of(
            "db-cluster-id", one -> List.of(one.dbClusterIdentifier()),
            "db-cluster-snapshot-id", one -> List.of(one.dbClusterSnapshotIdentifier()),
            "snapshot-type", one -> List.of(one.snapshotType()),
            "engine", one -> List.of(one.engine()));

    private final RdsStore store;
    private final InstantSource clock;

    Snapshots(RdsStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** A snapshot's identifier, from itself or its ARN. */
    static String identifier(Scope scope, String member, @Nullable String given) {
        return RdsRules.named(member, given, RdsNames.snapshot(scope, ""));
    }

    CreateDbClusterSnapshotResponse create(Call call, CreateDbClusterSnapshotRequest request) {
        String identifier = RdsRules.identifier("DBClusterSnapshotIdentifier", request.dbClusterSnapshotIdentifier());
        String cluster = Clusters.identifier(call.scope(), request.dbClusterIdentifier());
        return call.commit(tx -> {
            Stored<DBCluster> source = store.requireCluster(tx, call.scope(), cluster);
            Status.AVAILABLE.require(source.value());
            return CreateDbClusterSnapshotResponse.builder()
                    .dbClusterSnapshot(begin(tx, source, identifier, request.tags()))
                    .build();
        });
    }

    /** Wants a snapshot, which is taken as soon as the cluster is looked at. */
    DBClusterSnapshot begin(Transaction tx, Stored<DBCluster> source, String identifier, List<Tag> tags)
            throws SQLException {
        Scope scope = source.scope();
        if (store.snapshots().find(tx, scope, identifier).isPresent()) {
            throw RdsErrors.snapshotExists(identifier);
        }
        DBCluster cluster = source.value();
        List<Tag> all =
                new ArrayList<>(Boolean.TRUE.equals(cluster.copyTagsToSnapshot()) ? cluster.tagList() : List.of());
        DBClusterSnapshot snapshot = DBClusterSnapshot.builder()
                .dbClusterSnapshotIdentifier(identifier)
                .dbClusterSnapshotArn(RdsNames.snapshot(scope, identifier))
                .dbClusterIdentifier(cluster.dbClusterIdentifier())
                .dbClusterResourceId(cluster.dbClusterResourceId())
                .snapshotCreateTime(clock.instant())
                .snapshotType("manual")
                .status(CREATING)
                .percentProgress(0)
                .engine(cluster.engine())
                .engineVersion(cluster.engineVersion())
                .engineMode(cluster.engineMode())
                .clusterCreateTime(cluster.clusterCreateTime())
                .masterUsername(cluster.masterUsername())
                .port(cluster.port())
                .availabilityZones(cluster.availabilityZones())
                .allocatedStorage(1)
                .licenseModel("postgresql-license")
                .storageEncrypted(false)
                .iamDatabaseAuthenticationEnabled(false)
                .tagList(Tags.added(all, tags))
                .build();
        Map<String, String> extra = new HashMap<>();
        extra.put(RdsStore.VERIFIER, Objects.requireNonNull(source.extra().get(RdsStore.VERIFIER)));
        extra.put(FILES, RdsNames.resourceId("snapshot"));
        extra.put(DATABASE, Objects.requireNonNullElse(cluster.databaseName(), ""));
        store.snapshots().insert(tx, scope, identifier, snapshot, extra);
        return snapshot;
    }

    DescribeDbClusterSnapshotsResponse describe(Call call, DescribeDbClusterSnapshotsRequest request) {
        List<DBClusterSnapshot> all;
        if (request.dbClusterSnapshotIdentifier() == null) {
            all = store.snapshots().list(call.scope(), "", "", Resources.ALL).items().stream()
                    .map(Stored::value)
                    .toList();
        } else {
            String identifier =
                    identifier(call.scope(), "DBClusterSnapshotIdentifier", request.dbClusterSnapshotIdentifier());
            all = List.of(store.snapshots()
                    .find(call.scope(), identifier)
                    .orElseThrow(() -> RdsErrors.noSnapshot(identifier))
                    .value());
        }
        List<DBClusterSnapshot> wanted = all.stream()
                .filter(one -> is(one.snapshotType(), request.snapshotType())
                        && is(one.dbClusterResourceId(), request.dbClusterResourceId())
                        && (request.dbClusterIdentifier() == null
                                || one.dbClusterIdentifier()
                                        .equals(Clusters.identifier(call.scope(), request.dbClusterIdentifier()))))
                .toList();
        Pages.Page<DBClusterSnapshot> page = Pages.of(
                Pages.filtered(wanted, request.filters(), FILTERS),
                DBClusterSnapshot::dbClusterSnapshotIdentifier,
                request.maxRecords(),
                request.marker());
        return DescribeDbClusterSnapshotsResponse.builder()
                .dbClusterSnapshots(page.items())
                .marker(page.marker())
                .build();
    }

    private static boolean is(String value, @Nullable String wanted) {
        return wanted == null || value.equals(wanted);
    }

    DeleteDbClusterSnapshotResponse delete(Call call, DeleteDbClusterSnapshotRequest request) {
        String identifier =
                identifier(call.scope(), "DBClusterSnapshotIdentifier", request.dbClusterSnapshotIdentifier());
        return call.commit(tx -> {
            Stored<DBClusterSnapshot> stored = store.requireSnapshot(tx, call.scope(), identifier);
            if (!CREATING.equals(stored.value().status())) { // which may never end, as on a disk that is full
                requireAvailable(stored);
            }
            for (Stored<DBCluster> cluster : store.clusters()
                    .list(tx, call.scope(), "", "", Resources.ALL)
                    .items()) {
                if (Objects.equals(
                        cluster.extra().get(RdsStore.RESTORE), stored.extra().get(FILES))) {
                    throw RdsErrors.snapshotState(
                            "DB cluster snapshot %s is being restored to %s.".formatted(identifier, cluster.name()));
                }
            }
            DBClusterSnapshot deleting =
                    stored.value().toBuilder().status(DELETING).build();
            store.snapshots().update(tx, stored.with(deleting));
            return DeleteDbClusterSnapshotResponse.builder()
                    .dbClusterSnapshot(deleting)
                    .build();
        });
    }

    static void requireAvailable(Stored<DBClusterSnapshot> snapshot) {
        if (!AVAILABLE.equals(snapshot.value().status())) {
            throw RdsErrors.snapshotState("DB cluster snapshot %s is %s; it must be available for this."
                    .formatted(snapshot.name(), snapshot.value().status()));
        }
    }
}
