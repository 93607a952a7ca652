package dev.groundplane.services.redshiftserverless;

import com.fasterxml.jackson.databind.JsonNode;
import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.AccessModel;
import java.time.InstantSource;
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
public final class RedshiftServerless implements AutoCloseable {
    /** As whom it calls other services. */
    public static final String PRINCIPAL = "redshift-serverless.amazonaws.com";

    private final RedshiftStore store;
    private final RedshiftAccess access;
    private final DatabasePrincipals principals;
    private final Passwords passwords;
    private final AttachedRoles roles;
    private final Usage usage;
    private final UsageLimits limits;
    private final BackupStore backupStore;
    private final Backups backups;
    private final Events events;
    private final String address;
    private final InstantSource clock;

    /**
     * @param address the host name or address that clients reach this machine at
     * @param passing decides who may attach which role to a namespace
     * @param encryption makes salts of users
     * @param clock tells when temporary passwords end
     */
    public RedshiftServerless(
            Database database,
            Events events,
            String address,
            RolePassing passing,
            Encryption encryption,
            InstantSource clock) {
        this.events = events;
        this.address = address;
        this.clock = clock;
        roles = new AttachedRoles(passing);
        store = new RedshiftStore(database, events);
        backupStore = new BackupStore(database, events);
        access = new RedshiftAccess(store, backupStore);
        principals = new DatabasePrincipals(store, clock);
        passwords =
                new Passwords(store, principals, user -> encryption.pseudonym("redshift-serverless:salt", user), clock);
        usage = new Usage(database, events, clock);
        limits = new UsageLimits(database, events, store, usage, clock);
        Snapshots snapshots = new Snapshots(store, backupStore, clock);
        backups = new Backups(
                store,
                backupStore,
                principals,
                snapshots,
                new RecoveryPoints(store, backupStore, snapshots, clock),
                events,
                clock);
    }

    /** Starts to remove temporary passwords and records of usage that have ended. */
    public void start() {
        // Workgroups that were made when ports were not yet taken by rows of their own.
        store.database().write(tx -> {
            for (Stored<Workgroup> workgroup : store.workgroups().all()) {
                store.takePort(tx, workgroup.value().port());
            }
            return true;
        });
        passwords.start();
        usage.start();
    }

    /** Redshift Serverless on behalf of one call. */
    public RedshiftServerlessClient client(Call call) {
        return new RedshiftServerlessService(
                call, store, principals, passwords, roles, limits, backupStore, address, clock);
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return access;
    }

    /** All workgroups, of every account. */
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
                        stored.scope(),
                        workgroup.workgroupName(),
                        workgroup.workgroupId(),
                        found.namespaceName(),
                        found.namespaceId(),
                        found.dbName(),
                        workgroup.port(),
                        workgroup.baseCapacity()));
    }

    /** Whether a warehouse can be used: not while its namespace is restored. */
    public boolean isAvailable(Warehouse warehouse) {
        return store.namespaces()
                .find(warehouse.scope(), warehouse.namespace())
                .filter(found -> found.value().status() == NamespaceStatus.AVAILABLE)
                .isPresent();
    }

    /** Has something done, on another thread, whenever workgroups have changed. */
    public void onChange(Runnable action) {
        events.subscribe(RedshiftStore.WORKGROUP, change -> action.run());
    }

    /**
     * The verifiers of the passwords by which a user of a namespace logs in now: its own one, or temporary ones.
     */
    public List<ScramVerifier> verifiers(Warehouse warehouse, String user) {
        Optional<Stored<Namespace>> namespace = store.namespaces().find(warehouse.scope(), warehouse.namespace());
        boolean isAdministrator = namespace
                .filter(found -> found.value().adminUsername().equals(user))
                .isPresent();
        List<ScramVerifier> own = isAdministrator
                ? namespace.map(found -> found.extra().get(RedshiftStore.VERIFIER)).map(ScramVerifier::parse).stream()
                        .toList()
                : principals.verifiers(warehouse.scope(), warehouse.namespaceId(), user);
        return Stream.concat(own.stream(), passwords.of(warehouse.scope(), warehouse.namespaceId(), user).stream())
                .toList();
    }

    /**
     * All users, groups and roles of a warehouse's databases, without their passwords.
     *
     * @return an object with the lists {@code users}, {@code groups} and {@code roles}
     */
    public JsonNode principals(Warehouse warehouse) {
        return principals.read(warehouse.scope(), namespace(warehouse));
    }

    /** What is set for all sessions of a workgroup, by key. */
    public Map<String, String> parameters(Warehouse warehouse) {
        return store.workgroups()
                .find(warehouse.scope(), warehouse.workgroup())
                .map(found -> ConfigParameters.byKey(found.value().configParameters()))
                .orElseGet(Map::of);
    }

    /**
     * Makes changes that the warehouse wants, all or none.
     *
     * @param call records them
     * @param changes see {@link DatabasePrincipals#change}
     * @return as {@link #principals}, afterwards
     * @throws software.amazon.awssdk.services.redshiftserverless.model.ConflictException when a name is taken
     */
    public JsonNode changePrincipals(Call call, Warehouse warehouse, JsonNode changes) {
        return principals.change(call, namespace(warehouse), changes);
    }

    private Namespace namespace(Warehouse warehouse) {
        return store.namespaces()
                .find(warehouse.scope(), warehouse.namespace())
                .orElseThrow(() -> RedshiftErrors.notFound("Namespace", warehouse.namespace()))
                .value();
    }

    /** The roles that a warehouse's statements may act as now. */
    public NamespaceRoles roles(Warehouse warehouse) {
        return store.namespaces()
                .find(warehouse.scope(), warehouse.namespace())
                .map(found -> AttachedRoles.of(found.value()))
                .orElseGet(() -> new NamespaceRoles(List.of(), Optional.empty()));
    }

    /** What is wanted of whoever has the files of namespaces. */
    public Backups backups() {
        return backups;
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
        passwords.close();
        usage.close();
    }
}
