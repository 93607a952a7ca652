package dev.groundplane.services.redshift;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.redshift.model.Cluster;

/** Clusters by their identifiers. Thread-safe. */
final class ClusterStore {
    static final String CLUSTER = "redshift:cluster";

    /** Extra: the verifier of the administrator's password. */
    static final String VERIFIER = "verifier";

    /** Extra: see {@link dev.groundplane.services.warehouse.Warehouse.Run}. */
    static final String RUN = "run";

    private final Database database;
    private final Resources<Cluster> clusters;

    ClusterStore(Database database, Events events) {
        this.database = database;
        WireForm<Cluster> form = WireForm.of(Cluster.class, Cluster::builder);
        clusters = new Resources<>(database, events, ResourceType.of(CLUSTER, form::encode, form::decode));
    }

    Database database() {
        return database;
    }

    Resources<Cluster> clusters() {
        return clusters;
    }

    /** @throws software.amazon.awssdk.services.redshift.model.ClusterNotFoundException when there is none */
    Stored<Cluster> require(Transaction tx, Scope scope, String identifier) throws SQLException {
        return clusters.find(tx, scope, identifier).orElseThrow(() -> RedshiftErrors.noCluster(identifier));
    }

    /** @throws software.amazon.awssdk.services.redshift.model.ClusterNotFoundException when there is none */
    Cluster require(Scope scope, String identifier) {
        return clusters.find(scope, identifier)
                .orElseThrow(() -> RedshiftErrors.noCluster(identifier))
                .value();
    }

    /** The cluster that has such databases, whatever it is called by now. */
    Optional<Stored<Cluster>> ofNamespace(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        return clusters.list(tx, scope, "", "", Resources.ALL).items().stream()
                .filter(cluster -> namespaceId(cluster.value()).equals(namespaceId))
                .findFirst();
    }

    /** Of all clusters of an account. */
    Stream<String> namespaceIds(Scope scope) {
        return clusters.list(scope, "", "", Resources.ALL).items().stream()
                .map(cluster -> namespaceId(cluster.value()));
    }

    static long run(Stored<Cluster> cluster) {
        return Long.parseLong(cluster.extra().getOrDefault(RUN, "0"));
    }

    /** The same, to be started again: its sessions cannot follow what was changed. */
    static Stored<Cluster> again(Stored<Cluster> cluster) {
        return cluster.withExtra(RUN, Long.toString(run(cluster) + 1));
    }

    /** Names the directory of its databases; never used again. */
    static String namespaceId(Cluster cluster) {
        String arn = cluster.clusterNamespaceArn();
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    static String arn(Scope scope, String identifier) {
        return scope.arn("redshift", "cluster:" + identifier);
    }
}
