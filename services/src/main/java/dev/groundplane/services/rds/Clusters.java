package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DeleteDbClusterRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbClusterResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbClustersRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbClustersResponse;

/** Clusters that there are: what they are, and how they end. */
final class Clusters {
    private static final Map<String, Function<Stored<DBCluster>, List<String>>> FILTERS = Map.of(
            "db-cluster-id", cluster -> List.of(cluster.name(), cluster.value().dbClusterArn()),
            "db-cluster-resource-id", cluster -> List.of(cluster.value().dbClusterResourceId()),
            "engine", cluster -> List.of(cluster.value().engine()));

    private final RdsStore store;
    private final Snapshots snapshots;

    Clusters(RdsStore store, Snapshots snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    /** A cluster's identifier, from itself or its ARN. */
    static String identifier(Scope scope, @Nullable String given) {
        return RdsRules.named("DBClusterIdentifier", given, RdsNames.cluster(scope, ""));
    }

    DescribeDbClustersResponse describe(Call call, DescribeDbClustersRequest request) {
        List<Stored<DBCluster>> all;
        if (request.dbClusterIdentifier() == null
                || request.dbClusterIdentifier().isEmpty()) {
            all = store.clusters(call.scope());
        } else {
            String identifier = identifier(call.scope(), request.dbClusterIdentifier());
            all = List.of(
                    store.clusters().find(call.scope(), identifier).orElseThrow(() -> RdsErrors.noCluster(identifier)));
        }
        Pages.Page<Stored<DBCluster>> page = Pages.of(
                Pages.filtered(all, request.filters(), FILTERS), Stored::name, request.maxRecords(), request.marker());
        return DescribeDbClustersResponse.builder()
                .dbClusters(page.items().stream()
                        .map(cluster -> ClusterView.of(store, cluster))
                        .toList())
                .marker(page.marker())
                .build();
    }

    DeleteDbClusterResponse delete(Call call, DeleteDbClusterRequest request) {
        String identifier = identifier(call.scope(), request.dbClusterIdentifier());
        boolean skips = Boolean.TRUE.equals(request.skipFinalSnapshot());
        String last = request.finalDBSnapshotIdentifier() == null ? "" : request.finalDBSnapshotIdentifier();
        if (skips && !last.isEmpty()) {
            throw RdsErrors.combination(
                    "FinalDBSnapshotIdentifier cannot be specified when deleting a cluster with SkipFinalSnapshot.");
        }
        if (!skips && last.isEmpty()) {
            throw RdsErrors.combination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
        }
        String snapshot = skips ? "" : RdsRules.identifier("FinalDBSnapshotIdentifier", last);
        return call.commit(tx -> {
            Stored<DBCluster> stored = store.requireCluster(tx, call.scope(), identifier);
            if (Boolean.TRUE.equals(stored.value().deletionProtection())) {
                throw RdsErrors.combination(
                        "Cannot delete protected Cluster, please disable deletion protection and try again.");
            }
            if (Status.of(stored.value()) == Status.DELETING) {
                throw RdsErrors.clusterState("DB cluster %s is being deleted already.".formatted(identifier));
            }
            Optional<Stored<DBInstance>> writer = store.writer(tx, call.scope(), identifier);
            if (writer.isPresent() && Status.of(writer.get().value()) != Status.DELETING) {
                throw RdsErrors.clusterState("Cluster cannot be deleted, it still contains DB instances in non-deleting"
                        + " state: %s.".formatted(writer.get().name()));
            }
            if (!skips) {
                snapshots.begin(tx, stored, snapshot, List.of());
            }
            DBCluster deleted =
                    stored.value().toBuilder().status(Status.DELETING.wire()).build();
            return DeleteDbClusterResponse.builder()
                    .dbCluster(ClusterView.of(store, tx, store.clusters().update(tx, stored.with(deleted))))
                    .build();
        });
    }
}
