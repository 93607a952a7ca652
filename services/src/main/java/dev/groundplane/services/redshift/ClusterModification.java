package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.AdministratorPassword;
import dev.groundplane.services.warehouse.DatabasePorts;
import dev.groundplane.wire.FieldPaths;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.ModifyClusterRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterResponse;

/** {@code ModifyCluster}. Another password holds at once; another size, port or name breaks connections. */
final class ClusterModification {
    private static final Set<String> MEMBERS = Set.of(
            "ClusterIdentifier",
            "ClusterType",
            "NodeType",
            "NumberOfNodes",
            "MasterUserPassword",
            "NewClusterIdentifier",
            "Port",
            "PubliclyAccessible",
            "AllowVersionUpgrade");

    private static final Set<String> MOVE = Set.of("ClusterIdentifier", "Port");

    private final ClusterStore store;
    private final DatabasePorts ports;
    private final String address;

    ClusterModification(ClusterStore store, DatabasePorts ports, String address) {
        this.store = store;
        this.ports = ports;
        this.address = address;
    }

    ModifyClusterResponse modify(Call call, ModifyClusterRequest request) {
        RedshiftErrors.checkMembers(request, MEMBERS);
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        String password = request.masterUserPassword();
        String verifier = password == null
                ? null
                : AdministratorPassword.verifier(ClusterRules.password(password))
                        .toString();
        return call.commit(tx -> {
            Stored<Cluster> stored = store.require(tx, call.scope(), identifier);
            requireModifiable(stored.value(), request);
            if (verifier != null && stored.value().masterPasswordSecretArn() != null) {
                throw RedshiftErrors.combination(
                        "Cluster %s has a password that Redshift manages; MasterUserPassword cannot change it.",
                        identifier);
            }
            Stored<Cluster> changed = changed(tx, stored, request);
            if (verifier != null) {
                changed = changed.withExtra(ClusterStore.VERIFIER, verifier);
            }
            return ModifyClusterResponse.builder()
                    .cluster(put(tx, changed, request.newClusterIdentifier()).value())
                    .build();
        });
    }

    /** A cluster whose port another program has never becomes available, unless it gets another port. */
    private static void requireModifiable(Cluster cluster, ModifyClusterRequest request) {
        boolean movesOnly =
                request.port() != null && FieldPaths.unsupported(request, MOVE).isEmpty();
        if (!movesOnly || ClusterStatus.of(cluster).settled() != ClusterStatus.AVAILABLE) {
            ClusterStatus.AVAILABLE.require(cluster);
        }
    }

    private Stored<Cluster> changed(Transaction tx, Stored<Cluster> stored, ModifyClusterRequest request)
            throws SQLException {
        Cluster before = stored.value();
        Cluster.Builder changed = before.toBuilder();
        if (request.publiclyAccessible() != null) {
            changed.publiclyAccessible(request.publiclyAccessible());
        }
        if (request.allowVersionUpgrade() != null) {
            changed.allowVersionUpgrade(request.allowVersionUpgrade());
        }
        ClusterSize size =
                ClusterSize.changed(before, request.nodeType(), request.clusterType(), request.numberOfNodes());
        boolean resizes = !size.type().name().equals(before.nodeType()) || size.nodes() != before.numberOfNodes();
        Integer port = request.port();
        boolean moves = port != null && !port.equals(before.endpoint().port());
        if (resizes) {
            ClusterCreation.sized(changed, size, address);
            ClusterStatus.RESIZING.on(changed);
        }
        if (moves) {
            int taken = ClusterCreation.exactly(tx, ports, port);
            ports.give(tx, before.endpoint().port());
            changed.endpoint(before.endpoint().toBuilder().port(taken).build());
            if (ClusterStatus.of(before) == ClusterStatus.AVAILABLE) {
                ClusterStatus.MODIFYING.on(changed);
            }
        }
        Stored<Cluster> update = stored.with(changed.build());
        return resizes || moves ? ClusterStore.again(update) : update;
    }

    private Stored<Cluster> put(Transaction tx, Stored<Cluster> changed, @Nullable String newName) throws SQLException {
        if (newName == null) {
            return store.clusters().update(tx, changed);
        }
        String name = ClusterRules.identifier("NewClusterIdentifier", newName);
        if (store.clusters().find(tx, changed.scope(), name).isPresent()) {
            throw RedshiftErrors.exists(name);
        }
        Cluster renamed = ClusterStatus.RENAMING
                .on(changed.value().toBuilder().clusterIdentifier(name))
                .build();
        store.clusters().delete(tx, changed);
        Stored<Cluster> again = ClusterStore.again(changed.with(renamed));
        return store.clusters().insert(tx, changed.scope(), name, renamed, again.extra());
    }
}
