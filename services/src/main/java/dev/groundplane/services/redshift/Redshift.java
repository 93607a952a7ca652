package dev.groundplane.services.redshift;

import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ManagedPasswords;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.warehouse.Administration;
import dev.groundplane.services.warehouse.BackupOwner;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFace;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The part of Redshift that lives as long as the process. Thread-safe. */
public final class Redshift implements WarehouseFace {
    /** As whom it calls other services. */
    public static final String PRINCIPAL = "redshift.amazonaws.com";

    private final ClusterStore store;
    private final ClusterSnapshotStore snapshots;
    private final EventIntegrationStore integrationStore;
    private final EventIntegrations integrations;
    private final ClusterBackups backups;
    private final RedshiftAccess access;
    private final WarehouseFoundation foundation;
    private final ClusterRoles roles;
    private final ManagedPasswords managed;
    private final Events events;
    private final String address;
    private final InstantSource clock;

    /**
     * @param address the host name or address that clients reach this machine at
     * @param passing decides who may attach which role to a cluster
     * @param foundation shared with others who make warehouses
     * @param secrets Secrets Manager on behalf of Redshift
     * @param zeroEtl integrations that other services made
     * @param buckets whether an account has a bucket of a name in the scope's region
     * @param targets whether there is a warehouse's namespace of an ARN
     * @param clock tells when temporary passwords and snapshots end
     */
    public Redshift(
            Database database,
            Events events,
            String address,
            RolePassing passing,
            WarehouseFoundation foundation,
            Function<Scope, SecretsManagerClient> secrets,
            IntegrationStore zeroEtl,
            BiPredicate<Scope, String> buckets,
            Predicate<String> targets,
            InstantSource clock) {
        this.events = events;
        this.foundation = foundation;
        this.address = address;
        this.clock = clock;
        store = new ClusterStore(database, events);
        snapshots = new ClusterSnapshotStore(database, events, foundation.backups());
        backups = new ClusterBackups(store, snapshots, foundation.principals(), events, clock);
        integrationStore = new EventIntegrationStore(database, events);
        integrations = new EventIntegrations(integrationStore, zeroEtl, buckets, targets, clock);
        access = new RedshiftAccess(store, snapshots, integrationStore);
        roles = new ClusterRoles(store, passing);
        managed = new ManagedPasswords(
                database,
                events,
                "redshift",
                secrets,
                foundation::managedPassword,
                "The administrator's password of a Redshift cluster, which manages it.");
    }

    /** Redshift on behalf of one call. */
    public RedshiftClient client(Call call) {
        return new RedshiftService(
                call, store, snapshots, foundation, roles, managed, integrationStore, integrations, address, clock);
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return access;
    }

    /** What becomes of clusters' backups. */
    public BackupOwner backups() {
        return backups;
    }

    @Override
    public Warehouse.Kind kind() {
        return Warehouse.Kind.CLUSTER;
    }

    @Override
    public List<Warehouse> warehouses() {
        return store.clusters().all().stream()
                .filter(stored -> !ClusterStatus.of(stored.value()).isLeaving())
                .map(Redshift::warehouse)
                .toList();
    }

    private static Warehouse warehouse(Stored<Cluster> stored) {
        Cluster cluster = stored.value();
        ClusterStatus status = ClusterStatus.of(cluster);
        return new Warehouse(
                Warehouse.Kind.CLUSTER,
                stored.scope(),
                cluster.clusterIdentifier(),
                ClusterStore.namespaceId(cluster),
                cluster.clusterIdentifier(),
                ClusterStore.namespaceId(cluster),
                cluster.dbName(),
                cluster.endpoint().port(),
                new ClusterSize(NodeType.of(cluster.nodeType()), cluster.numberOfNodes()).capacity(),
                new Warehouse.Run(ClusterStore.run(stored), status.isPaused(), !status.isSettled()));
    }

    @Override
    public void onChange(Runnable action) {
        events.subscribe(ClusterStore.CLUSTER, change -> action.run());
    }

    /** Not while it is paused, or restored from a snapshot. */
    @Override
    public boolean isAvailable(Warehouse warehouse) {
        return !warehouse.run().paused()
                && find(warehouse)
                        .filter(found -> !ClusterRestoration.isUnderWay(found.value())
                                && ClusterStatus.of(found.value()) != ClusterStatus.INCOMPATIBLE_RESTORE)
                        .isPresent();
    }

    private Optional<Stored<Cluster>> find(Warehouse warehouse) {
        return store.clusters()
                .find(warehouse.scope(), warehouse.workgroup())
                .filter(found -> ClusterStore.namespaceId(found.value()).equals(warehouse.namespaceId()));
    }

    @Override
    public Optional<Administration> administration(Warehouse warehouse) {
        return find(warehouse)
                .map(found -> new Administration(
                        found.value().masterUsername(),
                        Optional.ofNullable(found.extra().get(ClusterStore.VERIFIER))
                                .map(ScramVerifier::parse),
                        ClusterRoles.of(found.value())));
    }

    @Override
    public void served(Collection<Warehouse> served) {
        for (Stored<Cluster> stored : store.clusters().all()) {
            ClusterStatus status = ClusterStatus.of(stored.value());
            if (status == ClusterStatus.DELETING) {
                String id = ClusterStore.namespaceId(stored.value());
                if (served.stream().noneMatch(one -> one.namespaceId().equals(id))) {
                    remove(stored);
                }
            } else if (!status.isSettled()
                    && !ClusterRestoration.isUnderWay(stored.value())
                    && served.contains(warehouse(stored))) {
                store.database().write(tx -> settle(tx, stored));
            }
        }
        managed.removeAbandoned();
    }

    /** Nothing when it has changed meanwhile: then it is looked at again. */
    private boolean settle(Transaction tx, Stored<Cluster> seen) throws SQLException {
        Optional<Stored<Cluster>> now = store.clusters()
                .find(tx, seen.scope(), seen.name())
                .filter(found -> ClusterStore.run(found) == ClusterStore.run(seen)
                        && Objects.equals(
                                found.value().clusterStatus(), seen.value().clusterStatus()));
        if (now.isEmpty()) {
            return false;
        }
        Cluster settled = ClusterStatus.of(seen.value())
                .settled()
                .on(now.get().value().toBuilder())
                .build();
        store.clusters().update(tx, now.get().with(settled));
        return true;
    }

    private void remove(Stored<Cluster> stored) {
        String secret = stored.value().masterPasswordSecretArn();
        if (secret != null) {
            managed.remove(stored.scope(), secret);
        }
        store.database().write(tx -> {
            foundation.principals().removeAll(tx, stored.scope(), ClusterStore.namespaceId(stored.value()));
            foundation.ports().give(tx, stored.value().endpoint().port());
            return store.clusters().deleteIfPresent(tx, stored.scope(), stored.name());
        });
    }
}
