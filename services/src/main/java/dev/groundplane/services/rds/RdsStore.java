package dev.groundplane.services.rds;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.ManagedPasswords;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterParameterGroup;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Clusters and instances by their identifiers. Thread-safe. */
final class RdsStore {
    static final String CLUSTER = "rds:cluster";
    static final String INSTANCE = "rds:instance";
    static final String SNAPSHOT = "rds:cluster-snapshot";
    static final String PARAMETER_GROUP = "rds:parameter-group";

    /** Extra of a cluster: the verifier of the master user's password. */
    static final String VERIFIER = "verifier";

    /** Extra of a cluster whose secret is yet to get the password: the token of {@link ManagedPasswords#another}. */
    static final String ROTATION = "rotation";

    /** Extra of a cluster: the ARN of a secret that is yet to be removed. */
    static final String UNMANAGED = "unmanaged";

    /** Extra of a cluster: counts what has its server started again. */
    static final String RUN = "run";

    /** Extra of a cluster whose files are yet to be copied from a snapshot's: {@link Snapshots#FILES} of that. */
    static final String RESTORE = "restore";

    /** Index of instances: the identifier of their cluster. */
    private static final String OF_CLUSTER = "cluster";

    private final Database database;
    private final Resources<DBCluster> clusters;
    private final Resources<DBInstance> instances;
    private final Resources<DBClusterParameterGroup> parameterGroups;
    private final Resources<DBClusterSnapshot> snapshots;

    RdsStore(Database database, Events events) {
        this.database = database;
        WireForm<DBCluster> cluster = WireForm.of(DBCluster.class, DBCluster::builder);
        clusters = new Resources<>(database, events, ResourceType.of(CLUSTER, cluster::encode, cluster::decode));
        WireForm<DBInstance> instance = WireForm.of(DBInstance.class, DBInstance::builder);
        instances = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        INSTANCE,
                        instance::encode,
                        instance::decode,
                        (value, extra) -> Map.of(OF_CLUSTER, value.dbClusterIdentifier())));
        WireForm<DBClusterParameterGroup> group =
                WireForm.of(DBClusterParameterGroup.class, DBClusterParameterGroup::builder);
        parameterGroups =
                new Resources<>(database, events, ResourceType.of(PARAMETER_GROUP, group::encode, group::decode));
        WireForm<DBClusterSnapshot> snapshot = WireForm.of(DBClusterSnapshot.class, DBClusterSnapshot::builder);
        snapshots = new Resources<>(database, events, ResourceType.of(SNAPSHOT, snapshot::encode, snapshot::decode));
    }

    Database database() {
        return database;
    }

    Resources<DBCluster> clusters() {
        return clusters;
    }

    Resources<DBInstance> instances() {
        return instances;
    }

    /** Those that somebody made: the default ones are not stored. */
    Resources<DBClusterParameterGroup> parameterGroups() {
        return parameterGroups;
    }

    Resources<DBClusterSnapshot> snapshots() {
        return snapshots;
    }

    /** @throws software.amazon.awssdk.services.rds.model.DbClusterSnapshotNotFoundException when there is none */
    Stored<DBClusterSnapshot> requireSnapshot(Transaction tx, Scope scope, String identifier) throws SQLException {
        return snapshots.find(tx, scope, identifier).orElseThrow(() -> RdsErrors.noSnapshot(identifier));
    }

    /** Those of a cluster that are yet to be taken. */
    List<Stored<DBClusterSnapshot>> creating(Stored<DBCluster> cluster) {
        return snapshots.list(cluster.scope(), "", "", Resources.ALL).items().stream()
                .filter(one -> Snapshots.CREATING.equals(one.value().status())
                        && one.value()
                                .dbClusterResourceId()
                                .equals(cluster.value().dbClusterResourceId()))
                .toList();
    }

    /** @throws software.amazon.awssdk.services.rds.model.DbClusterNotFoundException when there is none */
    Stored<DBCluster> requireCluster(Transaction tx, Scope scope, String identifier) throws SQLException {
        return clusters.find(tx, scope, identifier).orElseThrow(() -> RdsErrors.noCluster(identifier));
    }

    /** @throws software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException when there is none */
    Stored<DBInstance> requireInstance(Transaction tx, Scope scope, String identifier) throws SQLException {
        return instances.find(tx, scope, identifier).orElseThrow(() -> RdsErrors.noInstance(identifier));
    }

    /** The instance of a cluster, which has one at the most. */
    Optional<Stored<DBInstance>> writer(Transaction tx, Scope scope, String cluster) throws SQLException {
        return instances.listByIndex(tx, scope, OF_CLUSTER, cluster, "", 1).items().stream()
                .findFirst();
    }

    /** The instance of a cluster in a snapshot. */
    Optional<Stored<DBInstance>> writer(Scope scope, String cluster) {
        return instances.listByIndex(scope, OF_CLUSTER, cluster, "", 1).items().stream()
                .findFirst();
    }

    /** All clusters of an account, in order of their identifiers. */
    List<Stored<DBCluster>> clusters(Scope scope) {
        return clusters.list(scope, "", "", Resources.ALL).items();
    }

    /** All instances of an account, in order of their identifiers. */
    List<Stored<DBInstance>> instances(Scope scope) {
        return instances.list(scope, "", "", Resources.ALL).items();
    }

    static long run(Stored<DBCluster> cluster) {
        return Long.parseLong(cluster.extra().getOrDefault(RUN, "0"));
    }

    /** The same, to be started again. */
    static Stored<DBCluster> again(Stored<DBCluster> cluster) {
        return cluster.withExtra(RUN, Long.toString(run(cluster) + 1));
    }
}
