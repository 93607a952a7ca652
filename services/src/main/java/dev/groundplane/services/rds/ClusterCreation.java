package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.ManagedPasswords;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.CreateDbClusterResponse;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;
import software.amazon.awssdk.services.rds.model.ServerlessV2ScalingConfiguration;
import software.amazon.awssdk.services.rds.model.ServerlessV2ScalingConfigurationInfo;

/** {@code CreateDBCluster}. */
final class ClusterCreation {
    private static final Set<String> MEMBERS = Set.of(
            "DBClusterIdentifier",
            "Engine",
            "EngineVersion",
            "EngineMode",
            "DatabaseName",
            "MasterUsername",
            "MasterUserPassword",
            "ManageMasterUserPassword",
            "Port",
            "Tags.*",
            "DeletionProtection",
            "CopyTagsToSnapshot",
            "BackupRetentionPeriod",
            "DBClusterParameterGroupName",
            "DBSubnetGroupName",
            "NetworkType",
            "StorageType",
            "EnableCloudwatchLogsExports",
            "ServerlessV2ScalingConfiguration.*");

    private final RdsStore store;
    private final Engine engine;
    private final ClusterPorts ports;
    private final ParameterGroups groups;
    private final ManagedPasswords managed;
    private final InstantSource clock;

    ClusterCreation(
            RdsStore store,
            Engine engine,
            ClusterPorts ports,
            ParameterGroups groups,
            ManagedPasswords managed,
            InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.ports = ports;
        this.groups = groups;
        this.managed = managed;
        this.clock = clock;
    }

    CreateDbClusterResponse create(Call call, CreateDbClusterRequest request) {
        String identifier = RdsRules.identifier("DBClusterIdentifier", request.dbClusterIdentifier());
        DBCluster wanted = described(call.scope(), identifier, request);
        boolean manages = Boolean.TRUE.equals(request.manageMasterUserPassword());
        if (manages == (request.masterUserPassword() != null)) {
            throw RdsErrors.combination("One of MasterUserPassword and ManageMasterUserPassword is required.");
        }
        requireOneControlPlane(store);
        if (!manages) {
            return insert(call, request, wanted, RdsRules.password(request.masterUserPassword()), null);
        }
        ManagedPasswords.Made made = managed.make(call.scope(), secretName(), wanted.masterUsername());
        try {
            return insert(call, request, withSecret(wanted, made.arn()), made.password(), made);
        } catch (RuntimeException e) {
            managed.abandon(call.scope(), made);
            throw e;
        }
    }

    /** Databases are files of one machine. */
    static void requireOneControlPlane(RdsStore store) {
        if (store.database().shared()) {
            throw RdsErrors.invalid("DB clusters lie in one control plane's data directory, so they are not available"
                    + " where several share a database.");
        }
    }

    /** As AWS names the secrets of clusters. */
    static String secretName() {
        return "rds!cluster-" + UUID.randomUUID();
    }

    static DBCluster withSecret(DBCluster cluster, String arn) {
        return cluster.toBuilder()
                .masterUserSecret(MasterUserSecret.builder()
                        .secretArn(arn)
                        .secretStatus("active")
                        .build())
                .build();
    }

    private CreateDbClusterResponse insert(
            Call call,
            CreateDbClusterRequest request,
            DBCluster wanted,
            String password,
            ManagedPasswords.@Nullable Made made) {
        String verifier = Passwords.verifier(password);
        return call.commit(tx -> {
            String identifier = wanted.dbClusterIdentifier();
            if (store.clusters().find(tx, call.scope(), identifier).isPresent()) {
                throw RdsErrors.clusterExists(identifier);
            }
            DBCluster cluster =
                    wanted.toBuilder().port(ports.take(tx, request.port())).build();
            Map<String, String> extra = new HashMap<>(ParameterValues.extra(
                    groups.values(tx, call.scope(), cluster.dbClusterParameterGroup(), cluster.engineVersion())));
            extra.put(RdsStore.VERIFIER, verifier);
            store.clusters().insert(tx, call.scope(), identifier, cluster, extra);
            if (made != null) {
                managed.keep(tx, call.scope(), made);
            }
            return CreateDbClusterResponse.builder().dbCluster(cluster).build();
        });
    }

    private DBCluster described(Scope scope, String identifier, CreateDbClusterRequest request) {
        Engine.require(request.engine());
        if (Boolean.TRUE.equals(request.storageEncrypted())) {
            throw RdsErrors.invalid(
                    "StorageEncrypted true is not implemented by Groundplane: databases are files that it"
                            + " does not encrypt; put the data directory on an encrypted file system, and leave it out.");
        }
        RdsErrors.checkMembers(request, MEMBERS);
        RdsRules.only("EngineMode", request.engineMode(), "provisioned");
        RdsRules.only("DBSubnetGroupName", request.dbSubnetGroupName(), "default");
        RdsRules.only("NetworkType", request.networkType(), "IPV4");
        RdsRules.only("StorageType", request.storageType(), "aurora");
        String version = engine.version(request.engineVersion());
        return base(scope, identifier, version, request.dbClusterParameterGroupName(), ports, clock)
                .databaseName(emptyToNull(RdsRules.database(request.databaseName())))
                .masterUsername(RdsRules.user(request.masterUsername()))
                .backupRetentionPeriod(retention(request.backupRetentionPeriod()))
                .deletionProtection(Boolean.TRUE.equals(request.deletionProtection()))
                .copyTagsToSnapshot(Boolean.TRUE.equals(request.copyTagsToSnapshot()))
                .enabledCloudwatchLogsExports(exports(request.enableCloudwatchLogsExports()))
                .serverlessV2ScalingConfiguration(scaling(request.serverlessV2ScalingConfiguration()))
                .tagList(Tags.added(List.of(), request.tags()))
                .build();
    }

    /** What every new cluster has, whatever it is made from. */
    static DBCluster.Builder base(
            Scope scope,
            String identifier,
            String version,
            @Nullable String parameterGroup,
            ClusterPorts ports,
            InstantSource clock) {
        return DBCluster.builder()
                .dbClusterIdentifier(identifier)
                .dbClusterArn(RdsNames.cluster(scope, identifier))
                .dbClusterResourceId(RdsNames.resourceId("cluster"))
                .clusterCreateTime(clock.instant())
                .status(Status.CREATING.wire())
                .engine(Engine.NAME)
                .engineVersion(version)
                .engineMode("provisioned")
                .dbClusterParameterGroup(
                        parameterGroup == null
                                ? Engine.defaultParameterGroup(version)
                                : ParameterGroups.name(parameterGroup))
                .endpoint(ports.address())
                .readerEndpoint(ports.address())
                .availabilityZones(scope.region() + "a")
                .allocatedStorage(1)
                .multiAZ(false)
                .storageEncrypted(false)
                .autoMinorVersionUpgrade(false)
                .iamDatabaseAuthenticationEnabled(false)
                .httpEndpointEnabled(false)
                .crossAccountClone(false)
                .networkType("IPV4")
                .dbSubnetGroup("default");
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** How long automated backups are kept: AWS's default is accepted because clients send it, and none are taken. */
    static int retention(@Nullable Integer days) {
        int wanted = Objects.requireNonNullElse(days, 1);
        if (wanted != 1) {
            throw RdsErrors.invalid(
                    "BackupRetentionPeriod %d is not implemented by Groundplane, which takes no automated backups; use 1,"
                            + " or leave it out, and take snapshots.",
                    wanted);
        }
        return wanted;
    }

    /** Servers' logs are in CloudWatch Logs in any case. */
    static List<String> exports(List<String> wanted) {
        for (String log : wanted) {
            RdsRules.only("EnableCloudwatchLogsExports", log, "postgresql");
        }
        return wanted.stream().distinct().toList();
    }

    static @Nullable ServerlessV2ScalingConfigurationInfo scaling(@Nullable ServerlessV2ScalingConfiguration wanted) {
        if (wanted == null) {
            return null;
        }
        double least = Objects.requireNonNullElse(wanted.minCapacity(), 0.5);
        double most = Objects.requireNonNullElse(wanted.maxCapacity(), 0.0);
        if (least < 0 || least > most || most < 1 || most > 256 || least * 2 % 1 != 0 || most * 2 % 1 != 0) {
            throw RdsErrors.invalid(
                    "ServerlessV2ScalingConfiguration: MinCapacity %s must be from 0 to MaxCapacity, and MaxCapacity %s from"
                            + " 1 to 256, both in steps of 0.5.",
                    least, most);
        }
        return ServerlessV2ScalingConfigurationInfo.builder()
                .minCapacity(least)
                .maxCapacity(most)
                .build();
    }
}
