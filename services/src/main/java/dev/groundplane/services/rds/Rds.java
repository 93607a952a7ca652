package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.DatabaseEndpoint;
import dev.groundplane.services.DatabaseEndpoints;
import dev.groundplane.services.ManagedPasswords;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.warehouse.DatabasePorts;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The part of RDS that lives as long as the process. Thread-safe. */
public final class Rds implements DatabaseEndpoints, AutoCloseable {
    /** As whom it calls other services. */
    public static final String PRINCIPAL = "rds.amazonaws.com";

    private static final int ARN_PARTS = 7;

    private final RdsStore store;
    private final TagStore tags;
    private final RdsAccess access;
    private final DatabaseServers servers;
    private final ClusterPorts ports;
    private final ManagedPasswords managed;
    private final ClusterReconciler reconciler;
    private final Integrations integrations;
    private final Events events;
    private final InstantSource clock;

    /**
     * @param servers runs what clusters are
     * @param address the host name or address that clients reach this machine at
     * @param ports the machine's
     * @param secrets Secrets Manager on behalf of RDS
     * @param passwords the password that belongs to an id, always the same one
     * @param targets whether there is a warehouse's namespace of an ARN, which can follow a cluster
     * @param integrated all integrations
     */
    public Rds(
            Database database,
            Events events,
            DatabaseServers servers,
            String address,
            DatabasePorts ports,
            Function<Scope, SecretsManagerClient> secrets,
            UnaryOperator<String> passwords,
            Predicate<String> targets,
            IntegrationStore integrated,
            InstantSource clock) {
        this.events = events;
        this.servers = servers;
        this.ports = new ClusterPorts(address, ports);
        this.clock = clock;
        store = new RdsStore(database, events);
        tags = new TagStore(store);
        access = new RdsAccess(tags);
        managed = new ManagedPasswords(
                database,
                events,
                "rds",
                secrets,
                // A letter of each case and a digit, as administrators' passwords must have.
                id -> "aA1" + passwords.apply(id),
                "The master user's password of an RDS DB cluster, which manages it.");
        reconciler = new ClusterReconciler(store, events, servers, this.ports, managed);
        integrations = new Integrations(integrated, this, targets, clock);
    }

    /** Starts to have servers be as they are wanted. */
    public void start() {
        managed.removeAbandoned();
        reconciler.start();
    }

    /** RDS on behalf of one call. */
    public RdsClient client(Call call) {
        return new RdsService(
                call,
                store,
                tags,
                new Engine(servers.versions().stream()
                        .filter(version -> ParameterTable.has(Engine.major(version)))
                        .toList()),
                ports,
                managed,
                integrations,
                clock);
    }

    /** What its operations ask to do. */
    public AccessModel access() {
        return access;
    }

    /** By the ARN of a DB cluster. */
    @Override
    public Optional<DatabaseEndpoint> find(String arn) {
        String[] parts = arn.split(":", ARN_PARTS);
        if (parts.length < ARN_PARTS) {
            return Optional.empty();
        }
        Scope scope = new Scope(parts[4], parts[3]);
        return store.clusters()
                .find(scope, parts[6])
                .map(Stored::value)
                .filter(cluster -> cluster.dbClusterArn().equals(arn))
                .map(cluster -> endpoint(scope, cluster));
    }

    private DatabaseEndpoint endpoint(Scope scope, DBCluster cluster) {
        boolean available = Status.of(cluster).settled() == Status.AVAILABLE
                && store.writer(scope, cluster.dbClusterIdentifier())
                        .filter(writer -> Status.of(writer.value()) == Status.AVAILABLE)
                        .isPresent();
        return new DatabaseEndpoint(
                cluster.engine(),
                cluster.engineVersion(),
                cluster.endpoint(),
                cluster.port(),
                DatabaseServers.ADMINISTRATION,
                DatabaseServers.ADMINISTRATOR,
                servers.administratorPassword(cluster.dbClusterResourceId()),
                DatabaseEndpoint.Transport.LOCAL,
                available ? "" : "DB cluster %s does not run.".formatted(cluster.dbClusterIdentifier()));
    }

    RdsStore store() {
        return store;
    }

    ClusterReconciler reconciler() {
        return reconciler;
    }

    @Override
    public void onChange(Runnable action) {
        events.subscribe(RdsStore.CLUSTER, change -> action.run());
        events.subscribe(RdsStore.INSTANCE, change -> action.run());
    }

    @Override
    public void close() {
        reconciler.close();
    }
}
