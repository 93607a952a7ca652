package dev.groundplane.services.redshiftserverless;

import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.warehouse.Administration;
import dev.groundplane.services.warehouse.BackupOwner;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFace;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimit;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;

/** The part of Redshift Serverless that lives as long as the process. Thread-safe. */
public final class RedshiftServerless implements WarehouseFace, AutoCloseable {
    /** As whom it calls other services. */
    public static final String PRINCIPAL = "redshift-serverless.amazonaws.com";

    private final RedshiftStore store;
    private final RedshiftAccess access;
    private final WarehouseFoundation foundation;
    private final Credentials credentials;
    private final AttachedRoles roles;
    private final Usage usage;
    private final UsageLimits limits;
    private final SnapshotStore snapshotStore;
    private final RecoveryPoints points;
    private final NamespaceBackups backups;
    private final Events events;
    private final String address;
    private final InstantSource clock;

    /**
     * @param address the host name or address that clients reach this machine at
     * @param passing decides who may attach which role to a namespace
     * @param foundation shared with others who make warehouses
     */
    public RedshiftServerless(
            Database database,
            Events events,
            String address,
            RolePassing passing,
            WarehouseFoundation foundation,
            InstantSource clock) {
        this.events = events;
        this.foundation = foundation;
        this.address = address;
        this.clock = clock;
        roles = new AttachedRoles(passing);
        store = new RedshiftStore(database, events);
        snapshotStore = new SnapshotStore(database, events, foundation.backups());
        access = new RedshiftAccess(store, snapshotStore);
        credentials = new Credentials(store, foundation, clock);
        usage = new Usage(database, events, clock);
        limits = new UsageLimits(database, events, store, usage, clock);
        Snapshots snapshots = new Snapshots(store, snapshotStore, clock);
        points = new RecoveryPoints(store, snapshotStore, snapshots, clock);
        backups = new NamespaceBackups(store, snapshotStore, foundation.principals(), snapshots, points, events);
    }

    /** Starts to remove records of usage that have ended. */
    public void start() {
        // Workgroups that were made when ports were not yet taken by rows of their own.
        store.database().write(tx -> {
            for (Stored<Workgroup> workgroup : store.workgroups().all()) {
                foundation.ports().keep(tx, workgroup.value().port());
            }
            return true;
        });
        usage.start();
    }

    /** Redshift Serverless on behalf of one call. */
    public RedshiftServerlessClient client(Call call) {
        return new RedshiftServerlessService(
                call, store, foundation, credentials, roles, limits, snapshotStore, address, clock);
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return access;
    }

    @Override
    public Warehouse.Kind kind() {
        return Warehouse.Kind.WORKGROUP;
    }

    /** All workgroups, of every account. */
    @Override
    public List<Warehouse> warehouses() {
        return store.workgroups().all().stream().flatMap(this::warehouse).toList();
    }

    private Stream<Warehouse> warehouse(Stored<Workgroup> stored) {
        Workgroup workgroup = stored.value();
        Optional<Namespace> namespace = store.namespaces()
                .find(stored.scope(), workgroup.namespaceName())
                .map(Stored::value);
        return namespace.stream()
                .map(found -> new Warehouse(
                        Warehouse.Kind.WORKGROUP,
                        stored.scope(),
                        workgroup.workgroupName(),
                        workgroup.workgroupId(),
                        found.namespaceName(),
                        found.namespaceId(),
                        found.dbName(),
                        workgroup.port(),
                        workgroup.baseCapacity(),
                        Warehouse.Run.FIRST));
    }

    /** Not while its namespace is restored. */
    @Override
    public boolean isAvailable(Warehouse warehouse) {
        return store.namespaces()
                .find(warehouse.scope(), warehouse.namespace())
                .filter(found -> found.value().status() == NamespaceStatus.AVAILABLE)
                .isPresent();
    }

    @Override
    public void onChange(Runnable action) {
        events.subscribe(RedshiftStore.WORKGROUP, change -> action.run());
    }

    /** What is set for all sessions of a workgroup, by key; nothing for a cluster, which may have a workgroup's name. */
    public Map<String, String> parameters(Warehouse warehouse) {
        return store.workgroups()
                .find(warehouse.scope(), warehouse.workgroup())
                .filter(found -> found.value().workgroupId().equals(warehouse.workgroupId()))
                .map(found -> ConfigParameters.byKey(found.value().configParameters()))
                .orElseGet(Map::of);
    }

    @Override
    public Optional<Administration> administration(Warehouse warehouse) {
        return store.namespaces()
                .find(warehouse.scope(), warehouse.namespace())
                .map(found -> new Administration(
                        found.value().adminUsername(),
                        Optional.ofNullable(found.extra().get(RedshiftStore.VERIFIER))
                                .map(ScramVerifier::parse),
                        AttachedRoles.of(found.value())));
    }

    /** Does nothing: workgroups are available from their making on. */
    @Override
    public void served(Collection<Warehouse> warehouses) {}

    /** What becomes of namespaces' backups. */
    public BackupOwner backups() {
        return backups;
    }

    /**
     * Wants a recovery point of a namespace if it is time for one and something has changed.
     *
     * @param look what its files look like now
     */
    public void wantRecoveryPoint(Warehouse warehouse, String look) {
        points.want(warehouse, look);
    }

    /** Records that a workgroup was awake. */
    public void recordUsage(Warehouse warehouse, UsagePeriod period) {
        usage.add(warehouse, period);
    }

    /** For how long a workgroup was awake in the last seven days, the oldest period first. */
    public List<UsagePeriod> usage(Warehouse warehouse) {
        return usage.of(warehouse);
    }

    /** The limits that a workgroup has reached. */
    public List<UsageLimit> reachedLimits(Warehouse warehouse) {
        return limits.reached(warehouse);
    }

    @Override
    public void close() {
        usage.close();
    }
}
