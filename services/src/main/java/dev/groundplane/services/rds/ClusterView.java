package dev.groundplane.services.rds;

import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DBClusterParameterGroup;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Clusters as callers see them: with their members. */
final class ClusterView {
    private ClusterView() {}

    /** A cluster in a snapshot. */
    static DBCluster of(RdsStore store, Stored<DBCluster> cluster) {
        return of(
                cluster,
                store.writer(cluster.scope(), cluster.name()),
                store.parameterGroups().find(cluster.scope(), cluster.value().dbClusterParameterGroup()));
    }

    /** A cluster as the open transaction sees it. */
    static DBCluster of(RdsStore store, Transaction tx, Stored<DBCluster> cluster) throws SQLException {
        return of(
                cluster,
                store.writer(tx, cluster.scope(), cluster.name()),
                store.parameterGroups()
                        .find(tx, cluster.scope(), cluster.value().dbClusterParameterGroup()));
    }

    private static DBCluster of(
            Stored<DBCluster> cluster,
            Optional<Stored<DBInstance>> writer,
            Optional<Stored<DBClusterParameterGroup>> group) {
        Map<String, String> wanted =
                group.<Map<String, String>>map(ParameterValues::of).orElse(Map.of());
        boolean inSync = ParameterValues.of(cluster).equals(wanted);
        return cluster.value().toBuilder()
                .dbClusterMembers(writer.stream()
                        .map(found -> DBClusterMember.builder()
                                .dbInstanceIdentifier(found.value().dbInstanceIdentifier())
                                .isClusterWriter(true)
                                .dbClusterParameterGroupStatus(inSync ? "in-sync" : "pending-reboot")
                                .promotionTier(found.value().promotionTier())
                                .build())
                        .toList())
                .build();
    }
}
