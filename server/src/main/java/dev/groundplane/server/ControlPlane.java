package dev.groundplane.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.AuditCheckpoints;
import dev.groundplane.platform.audit.AuditRetention;
import dev.groundplane.platform.audit.AuditScan;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.SqliteBackup;
import dev.groundplane.server.hpc.HpcSite;
import dev.groundplane.server.http.Authenticator;
import dev.groundplane.server.http.BrowserDoor;
import dev.groundplane.server.http.Certificate;
import dev.groundplane.server.http.FrontDoor;
import dev.groundplane.server.http.HeadNodeDoor;
import dev.groundplane.server.http.HttpEndpoint;
import dev.groundplane.server.http.ManagedInstanceDoor;
import dev.groundplane.server.http.OperatorDoor;
import dev.groundplane.server.http.ParallelClusterDoor;
import dev.groundplane.server.local.AgentIdentity;
import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.LocalAgent;
import dev.groundplane.server.local.OperatorToken;
import dev.groundplane.server.local.ProcessLock;
import dev.groundplane.server.metrics.Metrics;
import dev.groundplane.server.rds.PostgresSite;
import dev.groundplane.server.status.Report;
import dev.groundplane.server.tls.CertificateRenewal;
import dev.groundplane.server.tls.CertificateSource;
import dev.groundplane.server.tls.OwnAuthority;
import dev.groundplane.server.warehouse.AssumeRole;
import dev.groundplane.server.warehouse.ChangePrincipals;
import dev.groundplane.server.warehouse.PortTls;
import dev.groundplane.server.warehouse.ServerlessUsage;
import dev.groundplane.server.warehouse.WarehouseGateway;
import dev.groundplane.server.warehouse.WorkerCommand;
import dev.groundplane.server.warehouse.WorkgroupParameters;
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

    private final InstantSource clock;
    private final ProcessLock lock;
    private final Database database;
    private final AuditCheckpoints checkpoints;
    private final Optional<AuditRetention> retention;
    private final Services services;
    private final HttpEndpoint http;
    private final Reconciler<String> sweeps;
    private final Connection connection;
    private final LocalHost localHost;
    private final Optional<CertificateRenewal> renewal;
    private final WarehouseGateway warehouses;

    /**
     * Opens the data directory and starts to answer calls.
     *
     * @param settings hold for this start
     * @throws GroundplaneException when the directory is in use, damaged or of a newer release, or the port is taken
     */
    public ControlPlane(DataDirectory data, Settings settings, InstantSource clock) {
        this.clock = clock;
        data.create();
        lock = ProcessLock.take(data.lock());
        OpenStore store = OpenStore.of(data, settings.store());
        database = store.database();
        Events events = store.events();
        AuditTrail trail = store.trail();
        Encryption encryption = store.encryption();
        AccessKeys keys = new AccessKeys(database, events, encryption);
        // The first, because it checks the key, with which everything else is signed and sealed.
        Installation installation = Installation.of(database, events, keys, encryption.keyId());
        keys.sealAll();
        checkpoints = new AuditCheckpoints(
                database,
                trail,
                encryption,
                data.auditCheckpoint(),
                settings.audit().checkpoints(),
                clock);
        checkpoints.start();
        SessionCredentials credentials = new SessionCredentials(encryption);
        Optional<Certificate> certificate = settings.tls().map(CertificateSource::load);
        String endpoint = endpoint(settings);
        services = new Services(
                database,
                events,
                trail,
                keys,
                credentials,
                encryption,
                clock,
                endpoint,
                settings.hostLostAfter(),
                settings.audit().deliveries(),
                store.objects(),
                ExternalObjects.of(data, settings, database),
                postgres(data, settings, installation),
                hpc(data, settings, installation, endpoint));
        services.iam().ensureBuiltInRoles(installation.account());
        services.organizations().start();
        services.ecs().start();
        services.secrets().start();
        services.s3().start(services.calls());
        services.cloudTrail().start();
        services.warehouseFoundation().start();
        services.redshift().start();
        if (!database.shared()) {
            services.rds().start();
            services.parallelCluster().start();
            services.zeroEtl().start();
        }
        retention = settings.audit()
                .keep()
                .map(keep -> new AuditRetention(database, encryption, keep, services.cloudTrail()::needed, clock));
        retention.ifPresent(AuditRetention::start);
        sweeps = new Reconciler<>("log-sweep", key -> {
            if (database.replicas().leads()) {
                services.logs().sweep();
            }
            sweepAgain(key);
        });
        Scope home = new Scope(installation.account(), DEFAULT_REGION);
        Metrics metrics = new Metrics(
                Release.version(),
                database,
                services.ecs(),
                services.logs(),
                services.cloudTrail(),
                services.zeroEtl().claims());
        Authenticator authenticator =
                new Authenticator(keys, credentials, services.ssm().protocol()::isRegistered, clock);
        FrontDoor door = new FrontDoor(
                services.catalog(),
                database,
                trail,
                authenticator,
                services.iam().authorizer(),
                clock,
                home,
                metrics.calls());
        BrowserDoor browsers = new BrowserDoor(
                door,
                services.catalog().require("s3"),
                authenticator,
                services.s3().crossOrigin(),
                trail,
                clock);
        ManagedInstanceDoor instances =
                new ManagedInstanceDoor(services.ssm().protocol(), door, database, trail, clock, home, metrics.calls());
        http = new HttpEndpoint(
                LOOPBACK,
                settings.port(),
                settings.listeners(),
                certificate,
                door,
                browsers,
                instances,
                new OperatorDoor(
                        OperatorToken.of(data),
                        Map.of(
                                "/metrics", new OperatorDoor.Page(Metrics.CONTENT_TYPE, true, metrics::text),
                                "/status", new OperatorDoor.Page("application/json", false, this::report))),
                new ParallelClusterDoor(
                        services.parallelCluster()::client, door, database, trail, clock, home, metrics.calls()),
                new HeadNodeDoor(services.parallelCluster()::report),
                () -> services.ecs().channel(),
                () -> "{\"status\":\"ok\"}");
        renewal =
                certificate.map(current -> new CertificateRenewal(settings.tls().orElseThrow(), current, http::use));
        Optional<Path> authorities = settings.tls().flatMap(CertificateSource::authorities);
        connection = connection(endpoint, keys, installation.rootAccessKeyId(), authorities);
        localHost = new LocalHost(data, services, home, clock);
        warehouses = new WarehouseGateway(
                services.warehouses(),
                services.redshift(),
                services.backups(),
                scope -> services.ecs(RedshiftServerless.PRINCIPAL, scope),
                Map.of(
                        "AssumeRole",
                        new AssumeRole(services.warehouses()::roles, services::sts),
                        "ReadPrincipals",
                        (warehouse, request) -> services.warehouses().principals(warehouse),
                        "WorkgroupParameters",
                        new WorkgroupParameters(services.redshift()::parameters),
                        "ChangePrincipals",
                        new ChangePrincipals(services.warehouses(), services.calls()),
                        "ServerlessUsage",
                        new ServerlessUsage(services.redshift()::usage)),
                services.zeroEtl().claims(),
                services.copyJobFiles(),
                new WorkerCommand(
                        Path.of(System.getProperty("groundplane.home", "")),
                        data.warehouse(),
                        endpoint,
                        authorities.map(Path::toString)),
                LOOPBACK,
                new PortTls(settings.tls().orElseGet(() -> new OwnAuthority(data.tls(), List.of(), clock)), clock),
                settings.warehouseSleepsAfter(),
                clock);
        http.start();
        renewal.ifPresent(CertificateRenewal::start);
        if (!database.shared()) {
            warehouses.start();
        }
        services.redshiftData().start();
        sweepAgain("expired");
        data.writePrivately(data.connection(), connection.encode());
        data.writePrivately(data.process(), process(endpoint));
    }

    /**
     * Puts a backup of a database into a data directory that has none.
     *
     * @throws GroundplaneException when it is no backup, damaged, or of a newer release
     */
    public static void restore(Path backup, DataDirectory data) {
        SqliteBackup.restore(backup, data.database(), Services.migrations());
    }

    private PostgresSite postgres(DataDirectory data, Settings settings, Installation installation) {
        return new PostgresSite(
                Path.of(System.getProperty("groundplane.home", "")).resolve("server/target/dist/postgresql"),
                data.postgresPrograms(),
                data.postgresServers(),
                LOOPBACK,
                settings.tls().orElseGet(() -> new OwnAuthority(data.tls(), List.of(), clock)),
                () -> AgentIdentity.instanceId(data),
                new Scope(installation.account(), DEFAULT_REGION));
    }

    private HpcSite hpc(DataDirectory data, Settings settings, Installation installation, String endpoint) {
        return new HpcSite(
                data.hpc(),
                endpoint,
                settings.tls().flatMap(CertificateSource::authorities),
                () -> AgentIdentity.instanceId(data),
                new Scope(installation.account(), DEFAULT_REGION));
    }

    private void sweepAgain(String key) {
        sweeps.enqueueAfter(key, SWEEP);
    }

    private byte[] report() {
        return Report.of(
                        Release.version(),
                        clock.instant(),
                        services.ecs().fleet(),
                        services.cloudTrail(),
                        warehouses.closed(),
                        services.s3().problem(),
                        new AuditScan(database),
                        checkpoints.isFileAhead(),
                        renewal.map(used -> used.current().expires()))
                .encode();
    }

    private static String endpoint(Settings settings) {
        String host = settings.tls().map(CertificateSource::localName).orElse(LOOPBACK);
        return (settings.tls().isPresent() ? "https://" : "http://") + host + ":" + settings.port();
    }

    private static Connection connection(
            String endpoint, AccessKeys keys, String accessKeyId, Optional<Path> authorities) {
        Principal principal = keys.find(accessKeyId)
                .orElseThrow(() -> new GroundplaneException(
                        ErrorKind.INTERNAL_ERROR, "the installation's access key " + accessKeyId + " is gone"));
        return new Connection(
                endpoint,
                DEFAULT_REGION,
                principal.caller().account(),
                accessKeyId,
                principal.secretAccessKey(),
                authorities.map(Path::toString).orElse(null));
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
                directory,
                connection.endpoint(),
                Optional.ofNullable(connection.authorities()),
                DEFAULT_REGION,
                localHost::activation,
                home,
                jvmOptions);
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

    /**
     * Lets running calls finish for a few seconds, signs the end of the audit trail and closes the store, whatever fails of
     * it. Agents and tasks go on.
     */
    @Override
    public void close() {
        // In this order, from the last to the first; after the checkpoints, what would still write a record fails.
        try (lock;
                database;
                checkpoints;
                http) {
            warehouses.close();
            services.close();
            sweeps.close();
            renewal.ifPresent(CertificateRenewal::close);
            retention.ifPresent(AuditRetention::close);
        }
    }
}
