package dev.groundplane.server;

import dev.groundplane.platform.audit.AuditCheckpoints;
import dev.groundplane.platform.audit.AuditIndexes;
import dev.groundplane.platform.audit.AuditTrail;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.server.binlog.BinlogSources;
import dev.groundplane.server.hpc.HpcSite;
import dev.groundplane.server.hpc.NamespaceClusters;
import dev.groundplane.server.http.BucketHosts;
import dev.groundplane.server.http.ForwardedCalls;
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.server.http.ServiceCatalog;
import dev.groundplane.server.http.ServiceEndpoint;
import dev.groundplane.server.rds.PostgresServers;
import dev.groundplane.server.rds.PostgresSite;
import dev.groundplane.server.rds.PostgresSources;
import dev.groundplane.server.warehouse.MachinePorts;
import dev.groundplane.services.cloudtrail.CloudTrail;
import dev.groundplane.services.cloudtrail.CloudTrailService;
import dev.groundplane.services.ecs.Ecs;
import dev.groundplane.services.ecs.EcsService;
import dev.groundplane.services.ecs.TaskRoles;
import dev.groundplane.services.glue.Glue;
import dev.groundplane.services.glue.GlueService;
import dev.groundplane.services.iam.AccessKeys;
import dev.groundplane.services.iam.Iam;
import dev.groundplane.services.iam.IamService;
import dev.groundplane.services.integration.IntegrationSources;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.services.integration.SourceEngine;
import dev.groundplane.services.integration.SourcesByEngine;
import dev.groundplane.services.integration.ZeroEtl;
import dev.groundplane.services.logs.Logs;
import dev.groundplane.services.logs.LogsService;
import dev.groundplane.services.organizations.Organizations;
import dev.groundplane.services.organizations.OrganizationsService;
import dev.groundplane.services.parallelcluster.ParallelCluster;
import dev.groundplane.services.rds.Rds;
import dev.groundplane.services.rds.RdsService;
import dev.groundplane.services.redshift.Redshift;
import dev.groundplane.services.redshift.RedshiftService;
import dev.groundplane.services.redshiftdata.RedshiftData;
import dev.groundplane.services.redshiftdata.RedshiftDataService;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.redshiftserverless.RedshiftServerlessService;
import dev.groundplane.services.s3.ObjectEvent;
import dev.groundplane.services.s3.S3;
import dev.groundplane.services.s3.external.ExternalS3;
import dev.groundplane.services.s3.external.ExternalStore;
import dev.groundplane.services.secretsmanager.SecretsManager;
import dev.groundplane.services.secretsmanager.SecretsManagerService;
import dev.groundplane.services.ssm.Ssm;
import dev.groundplane.services.ssm.SsmService;
import dev.groundplane.services.sts.ConfiguredKeys;
import dev.groundplane.services.sts.Sts;
import dev.groundplane.services.sts.StsService;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.CopyJobFiles;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import dev.groundplane.services.warehouse.Warehouses;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Every service of Groundplane, wired to what it stands on. A new service is added here and nowhere else. */
final class Services implements AutoCloseable {
    private static final String ISSUER_KEYS = "GROUNDPLANE_OIDC_KEYS";
    /** Where warehouses are listened for. */
    private static final String LOOPBACK = "127.0.0.1";

    private final Iam iam;
    private final Sts sts;
    private final Organizations organizations;
    private final ServiceCalls calls;
    private final Ssm ssm;
    private final Ecs ecs;
    private final Logs logs;
    private final SecretsManager secrets;
    private final InstalledS3 s3;
    private final CloudTrail cloudTrail;
    private final CopyJobFiles copyJobFiles;
    private final WarehouseFoundation warehouseFoundation;
    private final RedshiftServerless redshift;
    private final Redshift clusters;
    private final Backups backups;
    private final Warehouses warehouses;
    private final RedshiftData redshiftData;
    private final Rds rds;
    private final Glue glue;
    private final ZeroEtl zeroEtl;
    private final ParallelCluster parallelCluster;
    private final ServiceCatalog catalog;

    /**
     * @param keys the long-term access keys
     * @param credentials makes temporary credentials
     * @param encryption seals what the store must not show
     * @param endpoint the base URL at which agents reach this control plane
     * @param hostLostAfter for how long a host's agent may be away before services replace their tasks there
     * @param deliveries how often trails deliver
     * @param objects where the contents of S3's objects lie
     * @param external the S3 that keeps the objects instead; empty when they are kept here
     * @param postgres where RDS's servers lie
     * @param hpc where clusters of Slurm lie
     */
    Services(
            Database database,
            Events events,
            AuditTrail trail,
            AccessKeys keys,
            SessionCredentials credentials,
            Encryption encryption,
            InstantSource clock,
            String endpoint,
            Duration hostLostAfter,
            CloudTrail.Intervals deliveries,
            Path objects,
            Optional<ExternalStore> external,
            PostgresSite postgres,
            HpcSite hpc) {
        calls = new ServiceCalls(database, trail, clock);
        organizations = new Organizations(database, events, this::prepare, clock);
        iam = new Iam(database, events, keys, organizations.places(), clock);
        sts = new Sts(
                credentials,
                account -> iam.client(InternalCall.of("sts.amazonaws.com", account)),
                iam.authorizer(),
                keys::accountOf,
                issuerKeys(System.getenv()),
                clock);
        ssm = new Ssm(database, events, iam.rolePassing(), scope -> sts(Ssm.PRINCIPAL, scope), encryption, clock);
        TaskRoles roles = new TaskRoles(
                iam.rolePassing(),
                scope -> sts(TaskRoles.PRINCIPAL, scope),
                name -> encryption.pseudonym("ecs:credentials", name));
        ecs = new Ecs(database, events, clock, roles, endpoint, ssm.protocol()::isRegistered, hostLostAfter);
        // A host that Systems Manager knows no more has no business with ECS.
        events.subscribe(Ssm.DEREGISTERED, change -> ecs.channel().hostDeregistered(change.scope(), change.name()));
        logs = new Logs(database, events, this::isLogOfTaskOn, clock);
        secrets = new SecretsManager(database, events, encryption, iam.authorizer(), clock);
        S3 here = new S3(database, objects, encryption, iam.authorizer(), clock);
        copyJobFiles = new CopyJobFiles(database);
        here.events().join(this::landed);
        s3 = new InstalledS3(
                here,
                external.map(store -> ExternalObjects.open(
                        here, database, store, objects.resolve("spool"), postgres.scope(), copyJobFiles, clock)));
        cloudTrail = new CloudTrail(
                database,
                events,
                trail,
                scope -> new ServiceS3(calls, s3::client, CloudTrail.PRINCIPAL, scope),
                encryption,
                clock,
                deliveries);
        IntegrationStore integrated = new IntegrationStore(database, events);
        warehouseFoundation = new WarehouseFoundation(
                database, events, encryption, port -> MachinePorts.isFree(LOOPBACK, port), clock);
        redshift = new RedshiftServerless(database, events, LOOPBACK, iam.rolePassing(), warehouseFoundation, clock);
        clusters = new Redshift(
                database,
                events,
                LOOPBACK,
                iam.rolePassing(),
                warehouseFoundation,
                scope -> new ServiceSecrets(calls, secrets::client, Redshift.PRINCIPAL, scope),
                integrated,
                s3::isBucket,
                this::isNamespace,
                clock);
        backups = new Backups(database, events, warehouseFoundation, List.of(redshift.backups(), clusters.backups()));
        warehouses = new Warehouses(List.of(redshift, clusters), warehouseFoundation);
        redshiftData = new RedshiftData(
                database,
                events,
                new DataApiNeighbours(
                        new ForwardedCalls(calls, iam.authorizer(), RedshiftData.PRINCIPAL),
                        redshift,
                        clusters,
                        secrets),
                encryption,
                clock);
        rds = new Rds(
                database,
                events,
                new PostgresServers(
                        postgres, ecs(Rds.PRINCIPAL, postgres.scope()), id -> encryption.pseudonym("rds:password", id)),
                postgres.address(),
                warehouseFoundation.ports(),
                scope -> new ServiceSecrets(calls, secrets::client, Rds.PRINCIPAL, scope),
                id -> encryption.pseudonym("rds:managed-password", id),
                this::isNamespace,
                integrated,
                clock);
        IntegrationSources sources = new SourcesByEngine(Map.of(
                SourceEngine.POSTGRESQL, new PostgresSources(),
                SourceEngine.MARIADB, new BinlogSources(),
                SourceEngine.MYSQL, new BinlogSources()));
        glue = new Glue(
                database,
                events,
                new ConnectionNeighbours(
                        new ForwardedCalls(calls, iam.authorizer(), Glue.PRINCIPAL),
                        secrets,
                        s3,
                        scope -> new ServiceSecrets(calls, secrets::client, Glue.PRINCIPAL, scope)),
                integrated,
                sources,
                this::isNamespace,
                clock);
        zeroEtl = new ZeroEtl(integrated, events, List.of(rds, glue), sources, clock);
        parallelCluster = new ParallelCluster(
                database,
                events,
                new NamespaceClusters(
                        hpc,
                        ecs(ParallelCluster.PRINCIPAL, hpc.scope()),
                        ecs::onTaskChange,
                        id -> encryption.pseudonym("hpc:head", id)),
                clock);
        BucketHosts hosts = BucketHosts.of(System.getenv(BucketHosts.VARIABLE));
        catalog = new ServiceCatalog(List.of(
                new ServiceEndpoint(StsClient.class, StsService.class, "sts", "2011-06-15", Sts.access(), sts::client)
                        .answeringUnsigned("AssumeRoleWithWebIdentity"),
                new ServiceEndpoint(IamClient.class, IamService.class, "iam", "2010-05-08", iam.access(), iam::client),
                new ServiceEndpoint(
                        OrganizationsClient.class,
                        OrganizationsService.class,
                        "organizations",
                        "AWSOrganizationsV20161128",
                        organizations.access(),
                        organizations::client),
                new ServiceEndpoint(SsmClient.class, SsmService.class, "ssm", "AmazonSSM", ssm.access(), ssm::client),
                new ServiceEndpoint(
                        EcsClient.class,
                        EcsService.class,
                        "ecs",
                        "AmazonEC2ContainerServiceV20141113",
                        ecs.access(),
                        ecs::client),
                new ServiceEndpoint(
                        CloudWatchLogsClient.class,
                        LogsService.class,
                        "logs",
                        "Logs_20140328",
                        Logs.access(),
                        logs::client),
                s3.endpoint(hosts),
                new ServiceEndpoint(
                        SecretsManagerClient.class,
                        SecretsManagerService.class,
                        "secretsmanager",
                        "secretsmanager",
                        secrets.access(),
                        secrets::client),
                new ServiceEndpoint(
                        GlueClient.class, GlueService.class, "glue", "AWSGlue", glue.access(), glue::client),
                new ServiceEndpoint(RdsClient.class, RdsService.class, "rds", "2014-10-31", rds.access(), rds::client),
                new ServiceEndpoint(
                        RedshiftClient.class,
                        RedshiftService.class,
                        "redshift",
                        "2012-12-01",
                        clusters.access(),
                        clusters::client),
                new ServiceEndpoint(
                        RedshiftServerlessClient.class,
                        RedshiftServerlessService.class,
                        "redshift-serverless",
                        "RedshiftServerless",
                        redshift.access(),
                        redshift::client),
                new ServiceEndpoint(
                        RedshiftDataClient.class,
                        RedshiftDataService.class,
                        "redshift-data",
                        "RedshiftData",
                        redshiftData.access(),
                        redshiftData::client),
                new ServiceEndpoint(
                        CloudTrailClient.class,
                        CloudTrailService.class,
                        "cloudtrail",
                        "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
                        CloudTrail.access(),
                        cloudTrail::client)));
    }

    /** Of a warehouse that clients can use. */
    private boolean isNamespace(String arn) {
        return warehouses.all().stream()
                .anyMatch(warehouse -> arn.equals(
                        switch (warehouse.kind()) {
                            case WORKGROUP ->
                                warehouse.scope().arn("redshift-serverless", "namespace/" + warehouse.namespaceId());
                            case CLUSTER -> warehouse.scope().arn("redshift", "namespace:" + warehouse.namespaceId());
                        }));
    }

    /** A host is registered in one region, whichever its tasks log to. */
    private boolean isLogOfTaskOn(String hostId, String group, String stream) {
        return ssm.protocol()
                .instanceScope(hostId)
                .filter(scope -> ecs.taskLogs().areOf(scope, hostId, group, stream))
                .isPresent();
    }

    private void landed(Transaction transaction, ObjectEvent event) throws SQLException {
        if (event.name().startsWith("ObjectCreated:")) {
            copyJobFiles.landed(
                    transaction,
                    new CopyJobFiles.Landed(
                            event.bucket(),
                            event.key(),
                            event.size(),
                            event.etag(),
                            event.time().toEpochMilli(),
                            Long.parseUnsignedLong(event.sequencer(), 16)));
        }
    }

    /** The schema of everything that keeps tables. */
    static List<Migration> migrations() {
        return Stream.of(
                        Resources.MIGRATIONS,
                        AuditTrail.MIGRATIONS,
                        AuditIndexes.MIGRATIONS,
                        AuditCheckpoints.MIGRATIONS,
                        Logs.MIGRATIONS,
                        RedshiftData.MIGRATIONS,
                        S3.MIGRATIONS,
                        ExternalS3.MIGRATIONS,
                        CopyJobFiles.MIGRATIONS)
                .flatMap(List::stream)
                .toList();
    }

    ServiceCatalog catalog() {
        return catalog;
    }

    ServiceCalls calls() {
        return calls;
    }

    Iam iam() {
        return iam;
    }

    /**
     * STS for a service that acts on its own behalf.
     *
     * @param principal for example {@code ecs-tasks.amazonaws.com}; roles that trust it can be assumed
     */
    StsClient sts(String principal, Scope scope) {
        return new ServiceSts(calls, sts, principal, scope);
    }

    Organizations organizations() {
        return organizations;
    }

    /** Keys of identity providers that are not to be asked for them. docs/identity.md describes the file. */
    private static ConfiguredKeys issuerKeys(Map<String, String> environment) {
        String file = environment.getOrDefault(ISSUER_KEYS, "").strip();
        return file.isEmpty() ? ConfiguredKeys.none() : ConfiguredKeys.in(Path.of(file));
    }

    private void prepare(String account, String role, String managementAccount) {
        new AccountRoles(calls, iam).prepare(account, role, managementAccount);
    }

    Ssm ssm() {
        return ssm;
    }

    Ecs ecs() {
        return ecs;
    }

    Logs logs() {
        return logs;
    }

    SecretsManager secrets() {
        return secrets;
    }

    InstalledS3 s3() {
        return s3;
    }

    CloudTrail cloudTrail() {
        return cloudTrail;
    }

    RedshiftServerless redshift() {
        return redshift;
    }

    CopyJobFiles copyJobFiles() {
        return copyJobFiles;
    }

    WarehouseFoundation warehouseFoundation() {
        return warehouseFoundation;
    }

    Backups backups() {
        return backups;
    }

    Warehouses warehouses() {
        return warehouses;
    }

    RedshiftData redshiftData() {
        return redshiftData;
    }

    Rds rds() {
        return rds;
    }

    ZeroEtl zeroEtl() {
        return zeroEtl;
    }

    ParallelCluster parallelCluster() {
        return parallelCluster;
    }

    /** ECS for a service that runs parts of itself there. */
    EcsClient ecs(String principal, Scope scope) {
        return new ServiceEcs(calls, ecs::client, principal, scope);
    }

    @Override
    public void close() {
        parallelCluster.close();
        zeroEtl.close();
        rds.close();
        redshiftData.close();
        redshift.close();
        warehouseFoundation.close();
        cloudTrail.close();
        s3.close();
        organizations.close();
        secrets.close();
        ecs.close();
    }
}
