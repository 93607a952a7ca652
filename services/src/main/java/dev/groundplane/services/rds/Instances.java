package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceResponse;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DeleteDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbInstanceResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.Endpoint;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceResponse;

/** Instances: the server of a cluster, which has one. */
final class Instances {
    private static final Set<String> CREATE = Set.of(
            "DBInstanceIdentifier",
            "DBInstanceClass",
            "Engine",
            "EngineVersion",
            "DBClusterIdentifier",
            "DBParameterGroupName",
            "AvailabilityZone",
            "LicenseModel",
            "PromotionTier",
            "PubliclyAccessible",
            "StorageType",
            "Tags.*");
    private static final Set<String> MODIFY = Set.of(
            "DBInstanceIdentifier", "DBInstanceClass", "ApplyImmediately", "PromotionTier", "PubliclyAccessible");
    private static final List<String> OF_THE_CLUSTER = List.of(
            "DBName",
            "MasterUsername",
            "MasterUserPassword",
            "ManageMasterUserPassword",
            "AllocatedStorage",
            "BackupRetentionPeriod",
            "DeletionProtection",
            "Port",
            "StorageEncrypted");
    private static final int LOWEST_PRIORITY = 15;

    private static final Map<String, Function<DBInstance, List<String>>> FILTERS = Map.of(
            "db-instance-id", one -> List.of(one.dbInstanceIdentifier(), one.dbInstanceArn()),
            "db-cluster-id", one -> List.of(one.dbClusterIdentifier()),
            "dbi-resource-id", one -> List.of(one.dbiResourceId()),
            "engine", one -> List.of(one.engine()));

    private final RdsStore store;
    private final InstantSource clock;

    Instances(RdsStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** An instance's identifier, from itself or its ARN. */
    static String identifier(Scope scope, @Nullable String given) {
        return RdsRules.named("DBInstanceIdentifier", given, RdsNames.instance(scope, ""));
    }

    CreateDbInstanceResponse create(Call call, CreateDbInstanceRequest request) {
        String identifier = RdsRules.identifier("DBInstanceIdentifier", request.dbInstanceIdentifier());
        Engine.require(request.engine());
        if (request.dbClusterIdentifier() == null) {
            throw RdsErrors.combination(
                    "Engine %s needs a DBClusterIdentifier: create a DB cluster first.", Engine.NAME);
        }
        for (String member : OF_THE_CLUSTER) {
            request.getValueForField(member, Object.class)
                    .filter(value -> !value.equals(false))
                    .ifPresent(value -> {
                        throw RdsErrors.combination(
                                "The requested DB Instance will be a member of a DB Cluster. Set %s for the DB Cluster.",
                                member);
                    });
        }
        RdsErrors.checkMembers(request, CREATE);
        RdsRules.only("LicenseModel", request.licenseModel(), "postgresql-license");
        RdsRules.only("StorageType", request.storageType(), "aurora");
        RdsRules.only(
                "AvailabilityZone", request.availabilityZone(), call.scope().region() + "a");
        InstanceClass.require(request.dbInstanceClass());
        String cluster = Clusters.identifier(call.scope(), request.dbClusterIdentifier());
        return call.commit(tx -> {
            if (store.instances().find(tx, call.scope(), identifier).isPresent()) {
                throw RdsErrors.instanceExists(identifier);
            }
            Stored<DBCluster> owner = store.requireCluster(tx, call.scope(), cluster);
            Status status = Status.of(owner.value());
            if (status == Status.DELETING || status.isStopped()) {
                throw RdsErrors.clusterState(cluster, owner.value().status(), Status.AVAILABLE.wire());
            }
            Optional<Stored<DBInstance>> writer = store.writer(tx, call.scope(), cluster);
            if (writer.isPresent()) {
                throw RdsErrors.combination(
                        "DB cluster %s has its writer, %s; readers are not implemented by Groundplane.",
                        cluster, writer.get().name());
            }
            DBInstance made = described(call.scope(), identifier, owner.value(), request);
            store.instances().insert(tx, call.scope(), identifier, made, Map.of());
            return CreateDbInstanceResponse.builder().dbInstance(made).build();
        });
    }

    private DBInstance described(Scope scope, String identifier, DBCluster cluster, CreateDbInstanceRequest request) {
        RdsRules.only("EngineVersion", request.engineVersion(), cluster.engineVersion());
        String group = Engine.defaultParameterGroup(cluster.engineVersion());
        RdsRules.only("DBParameterGroupName", request.dbParameterGroupName(), group);
        requireClass(request.dbInstanceClass(), cluster);
        return DBInstance.builder()
                .dbInstanceIdentifier(identifier)
                .dbInstanceArn(RdsNames.instance(scope, identifier))
                .dbiResourceId(RdsNames.resourceId("db"))
                .dbInstanceClass(request.dbInstanceClass())
                .dbInstanceStatus(Status.CREATING.wire())
                .dbClusterIdentifier(cluster.dbClusterIdentifier())
                .engine(cluster.engine())
                .engineVersion(cluster.engineVersion())
                .masterUsername(cluster.masterUsername())
                .dbName(cluster.databaseName())
                .instanceCreateTime(clock.instant())
                .availabilityZone(scope.region() + "a")
                .allocatedStorage(1)
                .storageType("aurora")
                .storageEncrypted(false)
                .licenseModel("postgresql-license")
                .dbParameterGroups(DBParameterGroupStatus.builder()
                        .dbParameterGroupName(group)
                        .parameterApplyStatus("in-sync")
                        .build())
                .publiclyAccessible(Boolean.TRUE.equals(request.publiclyAccessible()))
                .promotionTier(tier(Objects.requireNonNullElse(request.promotionTier(), 1)))
                .backupRetentionPeriod(cluster.backupRetentionPeriod())
                .tagList(Tags.added(List.of(), request.tags()))
                .autoMinorVersionUpgrade(false)
                .multiAZ(false)
                .iamDatabaseAuthenticationEnabled(false)
                .performanceInsightsEnabled(false)
                .monitoringInterval(0)
                .deletionProtection(false)
                .networkType("IPV4")
                .build();
    }

    DescribeDbInstancesResponse describe(Call call, DescribeDbInstancesRequest request) {
        List<Stored<DBInstance>> all;
        if (request.dbInstanceIdentifier() == null
                || request.dbInstanceIdentifier().isEmpty()) {
            all = store.instances(call.scope());
        } else {
            String identifier = identifier(call.scope(), request.dbInstanceIdentifier());
            all = List.of(store.instances()
                    .find(call.scope(), identifier)
                    .orElseThrow(() -> RdsErrors.noInstance(identifier)));
        }
        Pages.Page<DBInstance> page = Pages.of(
                Pages.filtered(all.stream().map(Stored::value).toList(), request.filters(), FILTERS),
                DBInstance::dbInstanceIdentifier,
                request.maxRecords(),
                request.marker());
        return DescribeDbInstancesResponse.builder()
                .dbInstances(page.items())
                .marker(page.marker())
                .build();
    }

    /** An instance that has come so far, at its cluster's address. */
    static DBInstance settled(DBInstance instance, DBCluster cluster) {
        return instance.toBuilder()
                .dbInstanceStatus(Status.of(instance).settled().wire())
                .engineVersion(cluster.engineVersion())
                .endpoint(Endpoint.builder()
                        .address(cluster.endpoint())
                        .port(cluster.port())
                        .build())
                .build();
    }

    /** Everything at once, as there are no maintenance windows; another class breaks connections. */
    ModifyDbInstanceResponse modify(Call call, ModifyDbInstanceRequest request) {
        RdsErrors.checkMembers(request, MODIFY);
        String identifier = identifier(call.scope(), request.dbInstanceIdentifier());
        return call.commit(tx -> {
            Stored<DBInstance> stored = store.requireInstance(tx, call.scope(), identifier);
            Status.AVAILABLE.require(stored.value());
            Stored<DBCluster> owner =
                    store.requireCluster(tx, call.scope(), stored.value().dbClusterIdentifier());
            Status.AVAILABLE.require(owner.value());
            DBInstance.Builder changed = stored.value().toBuilder();
            Optional.ofNullable(request.promotionTier()).ifPresent(tier -> changed.promotionTier(tier(tier)));
            Optional.ofNullable(request.publiclyAccessible()).ifPresent(changed::publiclyAccessible);
            String wanted = request.dbInstanceClass();
            if (wanted != null && !wanted.equals(stored.value().dbInstanceClass())) {
                requireClass(wanted, owner.value());
                changed.dbInstanceClass(wanted).dbInstanceStatus(Status.MODIFYING.wire());
                store.clusters().update(tx, RdsStore.again(owner));
            }
            DBInstance modified = changed.build();
            store.instances().update(tx, stored.with(modified));
            return ModifyDbInstanceResponse.builder().dbInstance(modified).build();
        });
    }

    private static void requireClass(String name, DBCluster cluster) {
        InstanceClass.require(name);
        if (name.equals(InstanceClass.SERVERLESS) && cluster.serverlessV2ScalingConfiguration() == null) {
            throw RdsErrors.combination(
                    "DBInstanceClass db.serverless needs a ServerlessV2ScalingConfiguration of DB cluster %s.",
                    cluster.dbClusterIdentifier());
        }
    }

    private static int tier(int tier) {
        if (tier < 0 || tier > LOWEST_PRIORITY) {
            throw RdsErrors.invalid("PromotionTier %d must be from 0 to %d.", tier, LOWEST_PRIORITY);
        }
        return tier;
    }

    DeleteDbInstanceResponse delete(Call call, DeleteDbInstanceRequest request) {
        String identifier = identifier(call.scope(), request.dbInstanceIdentifier());
        if (request.finalDBSnapshotIdentifier() != null) {
            throw RdsErrors.combination(
                    "FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance;"
                            + " the cluster keeps the data.");
        }
        return call.commit(tx -> {
            Stored<DBInstance> stored = store.requireInstance(tx, call.scope(), identifier);
            if (Status.of(stored.value()) == Status.DELETING) {
                throw RdsErrors.instanceState(identifier, stored.value().dbInstanceStatus(), Status.AVAILABLE.wire());
            }
            DBInstance deleted = stored.value().toBuilder()
                    .dbInstanceStatus(Status.DELETING.wire())
                    .build();
            store.instances().update(tx, stored.with(deleted));
            return DeleteDbInstanceResponse.builder().dbInstance(deleted).build();
        });
    }
}
