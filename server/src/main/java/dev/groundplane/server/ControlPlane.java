package dev.groundplane.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.AuditCheckpoints;
import dev.groundplane.platform.audit.AuditRetention;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.server.http.Authenticator;
import dev.groundplane.server.http.FrontDoor;
import dev.groundplane.server.http.HttpEndpoint;
import dev.groundplane.server.http.Listener;
import dev.groundplane.server.http.ManagedInstanceDoor;
import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.LocalAgent;
import dev.groundplane.server.local.ProcessLock;
import dev.groundplane.server.warehouse.WarehouseGateway;
import dev.groundplane.services.iam.AccessKeys;
import dev.groundplane.services.iam.Principal;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running control plane: store, services, front door. Started once per process and data directory; whoever starts it
 * closes it. It can be killed at any moment: everything that was answered is stored.
 */
public final class ControlPlane implements AutoCloseable {
    /** Where calls without a region of their own are recorded, and what {@code groundplane env} sets. */
    public static final String DEFAULT_REGION = "us-east-1";

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration SWEEP = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProcessLock lock;
    private final Database database;
    private final AuditCheckpoints checkpoints;
    private final Optional<AuditRetention> retention;
    private final Services services;
    private final HttpEndpoint http;
    private final Reconciler<String> sweeps;
    private final Connection connection;
    private final LocalHost localHost;
    private final WarehouseGateway warehouses;

    /**
     * Opens the data directory and starts to answer calls.
     *
     * @param port to listen on, on loopback and elsewhere
     * @param listeners where to listen besides loopback
     * @param hostLostAfter for how long a host's agent may be away before services replace their tasks there
     * @throws GroundplaneException when the directory is in use, damaged or of a newer release, or the port is taken
     */
    public ControlPlane(
            DataDirectory data, int port, List<Listener> listeners, Duration hostLostAfter, InstantSource clock) {
        data.create();
        lock = ProcessLock.take(data.lock());
        Encryption encryption = SecretKeyFile.open(data.secretKey(), data.database());
        database = new SqliteDatabase(data.database(), Services.migrations());
        Events events = new Events();
        AuditTrail trail = new AuditTrail(database);
        checkpoints = new AuditCheckpoints(
                database, trail, encryption, data.auditCheckpoint(), AuditSettings.checkpoints(System.getenv()), clock);
        checkpoints.start();
        AccessKeys keys = new AccessKeys(database, events);
        SessionCredentials credentials = new SessionCredentials(encryption);
        String endpoint = "http://" + LOOPBACK + ":" + port;
        services = new Services(
                database, events, trail, keys, credentials, encryption, clock, endpoint, hostLostAfter, data.objects());
        Installation installation = Installation.of(database, events, keys);
        services.iam().ensureBuiltInRoles(installation.account());
        services.organizations().start();
        services.ecs().start();
        services.secrets().start();
        services.s3().start();
        services.cloudTrail().start();
        services.redshift().start();
        retention = AuditSettings.keep(System.getenv())
                .map(keep -> new AuditRetention(database, encryption, keep, services.cloudTrail()::needed, clock));
        retention.ifPresent(AuditRetention::start);
        sweeps = new Reconciler<>("log-sweep", key -> {
            services.logs().sweep();
            sweepAgain(key);
        });
        Scope home = new Scope(installation.account(), DEFAULT_REGION);
        FrontDoor door = new FrontDoor(
                services.catalog(),
                database,
                trail,
                new Authenticator(keys, credentials, services.ssm().protocol()::isRegistered, clock),
                services.iam().authorizer(),
                clock,
                home);
        ManagedInstanceDoor instances =
                new ManagedInstanceDoor(services.ssm().protocol(), door, database, trail, clock, home);
        http = new HttpEndpoint(
                LOOPBACK,
                port,
                listeners,
                door,
                instances,
                () -> services.ecs().channel(),
                () -> "{\"status\":\"ok\"}");
        connection = connection(endpoint, keys, installation.rootAccessKeyId());
        localHost = new LocalHost(data, services, home, clock);
        warehouses = new WarehouseGateway(
                services.redshift(),
                scope -> services.ecs(RedshiftServerless.PRINCIPAL, scope),
                Path.of(System.getProperty("groundplane.home", "")),
                data.warehouse(),
                LOOPBACK,
                null,
                Duration.ofMinutes(5));
        http.start();
        warehouses.start();
        sweepAgain("expired");
        data.writePrivately(data.connection(), connection.encode());
        data.writePrivately(data.process(), process(endpoint));
    }

    private void sweepAgain(String key) {
        sweeps.enqueueAfter(key, SWEEP);
    }

    private static Connection connection(String endpoint, AccessKeys keys, String accessKeyId) {
        Principal principal = keys.find(accessKeyId)
                .orElseThrow(() -> new GroundplaneException(
                        ErrorKind.INTERNAL_ERROR, "the installation's access key " + accessKeyId + " is gone"));
        return new Connection(
                endpoint, DEFAULT_REGION, principal.caller().account(), accessKeyId, principal.secretAccessKey());
    }

    private static String process(String endpoint) {
        try {
            return JSON.writeValueAsString(Map.of("pid", ProcessHandle.current().pid(), "endpoint", endpoint));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of numbers and strings always has a JSON form", e);
        }
    }

    /** How the root calls this control plane. */
    public Connection connection() {
        return connection;
    }

    /**
     * Starts the agent of this machine, or adopts the one that runs.
     *
     * @param directory the installation
     * @param home where Groundplane is installed
     * @param jvmOptions further options for the agent's JVM
     * @return what watches the agent; the caller closes it
     */
    public LocalAgent startLocalAgent(DataDirectory directory, Path home, List<String> jvmOptions) {
        LocalAgent agent = new LocalAgent(
                directory, connection.endpoint(), DEFAULT_REGION, localHost::activation, home, jvmOptions);
        agent.start();
        return agent;
    }

    /**
     * Waits until the agent of this machine is connected.
     *
     * @return whether it is
     */
    public boolean awaitLocalAgent(Duration patience) throws InterruptedException {
        return localHost.await(patience);
    }

    /** Lets running calls finish and closes the store. Agents and tasks go on. */
    @Override
    public void close() {
        warehouses.close();
        services.close();
        sweeps.close();
        retention.ifPresent(AuditRetention::close);
        http.close();
        checkpoints.close(); // the last: what would still write a record fails from here on
        database.close();
        lock.close();
    }
}
