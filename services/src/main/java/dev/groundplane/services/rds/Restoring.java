package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.RestoreDbClusterFromSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbClusterFromSnapshotResponse;

/** {@code RestoreDBClusterFromSnapshot}: another cluster with the databases, users and passwords that a snapshot has. */
final class Restoring {
    private static final Set<String> MEMBERS = Set.of(
            "DBClusterIdentifier",
            "SnapshotIdentifier",
            "Engine",
            "EngineVersion",
            "EngineMode",
            "Port",
            "Tags.*",
            "DeletionProtection",
            "CopyTagsToSnapshot",
            "DBClusterParameterGroupName",
            "DBSubnetGroupName",
            "NetworkType",
            "StorageType",
            "EnableCloudwatchLogsExports",
            "ServerlessV2ScalingConfiguration.*");

    private final RdsStore store;
    private final Engine engine;
    private final ClusterPorts ports;
    private final ParameterGroups groups;
    private final InstantSource clock;

    Restoring(RdsStore store, Engine engine, ClusterPorts ports, ParameterGroups groups, InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.ports = ports;
        this.groups = groups;
        this.clock = clock;
    }

    RestoreDbClusterFromSnapshotResponse restore(Call call, RestoreDbClusterFromSnapshotRequest request) {
        String identifier = RdsRules.identifier("DBClusterIdentifier", request.dbClusterIdentifier());
        Engine.require(request.engine());
        RdsErrors.checkMembers(request, MEMBERS);
        ClusterCreation.requireOneControlPlane(store);
        String snapshot = Snapshots.identifier(call.scope(), "SnapshotIdentifier", request.snapshotIdentifier());
        return call.commit(tx -> {
            if (store.clusters().find(tx, call.scope(), identifier).isPresent()) {
                throw RdsErrors.clusterExists(identifier);
            }
            Stored<DBClusterSnapshot> source = store.requireSnapshot(tx, call.scope(), snapshot);
            Snapshots.requireAvailable(source);
            DBCluster cluster = described(call, identifier, request, source).toBuilder()
                    .port(ports.take(tx, request.port()))
                    .build();
            Map<String, String> extra = new HashMap<>(ParameterValues.extra(
                    groups.values(tx, call.scope(), cluster.dbClusterParameterGroup(), cluster.engineVersion())));
            extra.put(RdsStore.VERIFIER, Objects.requireNonNull(source.extra().get(RdsStore.VERIFIER)));
            extra.put(RdsStore.RESTORE, Objects.requireNonNull(source.extra().get(Snapshots.FILES)));
            store.clusters().insert(tx, call.scope(), identifier, cluster, extra);
            return RestoreDbClusterFromSnapshotResponse.builder()
                    .dbCluster(cluster)
                    .build();
        });
    }

    private DBCluster described(
            Call call,
            String identifier,
            RestoreDbClusterFromSnapshotRequest request,
            Stored<DBClusterSnapshot> source) {
        String version = version(request.engineVersion(), source.value());
        String group = request.dbClusterParameterGroupName();
        return ClusterCreation.base(call.scope(), identifier, version, group, ports, clock)
                .databaseName(emptyToNull(source.extra().getOrDefault(Snapshots.DATABASE, "")))
                .masterUsername(source.value().masterUsername())
                .deletionProtection(Boolean.TRUE.equals(request.deletionProtection()))
                .copyTagsToSnapshot(Boolean.TRUE.equals(request.copyTagsToSnapshot()))
                .backupRetentionPeriod(1)
                .enabledCloudwatchLogsExports(ClusterCreation.exports(request.enableCloudwatchLogsExports()))
                .serverlessV2ScalingConfiguration(ClusterCreation.scaling(request.serverlessV2ScalingConfiguration()))
                .tagList(Tags.added(List.of(), request.tags()))
                .build();
    }

    /** A major version reads only its own files. */
    private String version(@Nullable String wanted, DBClusterSnapshot source) {
        String major = Engine.major(source.engineVersion());
        String version = engine.version(Objects.requireNonNullElse(wanted, major));
        if (!Engine.major(version).equals(major)) {
            throw RdsErrors.combination(
                    "EngineVersion %s cannot be restored from snapshot %s, which is of PostgreSQL %s; upgrades are not"
                            + " implemented by Groundplane.",
                    version, source.dbClusterSnapshotIdentifier(), major);
        }
        return version;
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
