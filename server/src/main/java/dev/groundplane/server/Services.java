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
import dev.groundplane.server.http.ServiceCalls;
import dev.groundplane.server.http.ServiceCatalog;
import dev.groundplane.server.http.ServiceEndpoint;
import dev.groundplane.services.cloudtrail.CloudTrail;
import dev.groundplane.services.cloudtrail.CloudTrailService;
import dev.groundplane.services.ecs.Ecs;
import dev.groundplane.services.ecs.EcsService;
import dev.groundplane.services.ecs.TaskRoles;
import dev.groundplane.services.iam.Iam;
import dev.groundplane.services.iam.IamService;
import dev.groundplane.services.logs.Logs;
import dev.groundplane.services.logs.LogsService;
import dev.groundplane.services.secretsmanager.SecretsManager;
import dev.groundplane.services.secretsmanager.SecretsManagerService;
import dev.groundplane.services.ssm.Ssm;
import dev.groundplane.services.ssm.SsmService;
import dev.groundplane.services.sts.Sts;
import dev.groundplane.services.sts.StsService;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Every service of Groundplane, wired to what it stands on. A new service is added here and nowhere else. */
final class Services implements AutoCloseable {
    private final Iam iam;
    private final Sts sts;
    private final ServiceCalls calls;
    private final Ssm ssm;
    private final Ecs ecs;
    private final Logs logs;
    private final SecretsManager secrets;
    private final CloudTrail cloudTrail;
    private final ServiceCatalog catalog;

    /**
     * @param credentials makes temporary credentials
     * @param encryption seals what the store must not show
     * @param endpoint the base URL at which agents reach this control plane
     */
    Services(
            Database database,
            Events events,
            AuditTrail trail,
            SessionCredentials credentials,
            Encryption encryption,
            InstantSource clock,
            String endpoint) {
        calls = new ServiceCalls(database, trail, clock);
        iam = new Iam(database, events, clock);
        sts = new Sts(credentials, account -> iam.client(InternalCall.of("sts.amazonaws.com", account)), clock);
        ssm = new Ssm(database, events, iam.rolePassing(), scope -> sts(Ssm.PRINCIPAL, scope), encryption, clock);
        TaskRoles roles = new TaskRoles(
                iam.rolePassing(),
                scope -> sts(TaskRoles.PRINCIPAL, scope),
                name -> encryption.pseudonym("ecs:credentials", name));
        ecs = new Ecs(database, events, clock, roles, endpoint, HostPatience.of(System.getenv(HostPatience.VARIABLE)));
        logs = new Logs(database, events, clock);
        secrets = new SecretsManager(database, events, encryption, clock);
        cloudTrail = new CloudTrail(
                database,
                events,
                trail,
                scope -> new ServiceS3(calls, call -> new NoBuckets(), CloudTrail.PRINCIPAL, scope),
                encryption,
                clock,
                AuditSettings.intervals(System.getenv()));
        catalog = new ServiceCatalog(List.of(
                new ServiceEndpoint(StsClient.class, StsService.class, "sts", "2011-06-15", sts::client),
                new ServiceEndpoint(IamClient.class, IamService.class, "iam", "2010-05-08", iam::client),
                new ServiceEndpoint(SsmClient.class, SsmService.class, "ssm", "AmazonSSM", ssm::client),
                new ServiceEndpoint(
                        EcsClient.class, EcsService.class, "ecs", "AmazonEC2ContainerServiceV20141113", ecs::client),
                new ServiceEndpoint(
                        CloudWatchLogsClient.class, LogsService.class, "logs", "Logs_20140328", logs::client),
                new ServiceEndpoint(
                        SecretsManagerClient.class,
                        SecretsManagerService.class,
                        "secretsmanager",
                        "secretsmanager",
                        secrets::client),
                new ServiceEndpoint(
                        CloudTrailClient.class,
                        CloudTrailService.class,
                        "cloudtrail",
                        "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
                        cloudTrail::client)));
    }

    /** The schema of everything that keeps tables. */
    static List<Migration> migrations() {
        return Stream.of(Resources.MIGRATIONS, AuditTrail.MIGRATIONS, Logs.MIGRATIONS, AuditIndexes.MIGRATIONS, AuditCheckpoints.MIGRATIONS)
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

    CloudTrail cloudTrail() {
        return cloudTrail;
    }

    @Override
    public void close() {
        cloudTrail.close();
        secrets.close();
        ecs.close();
    }
}
