package dev.groundplane.services.rds;

import dev.groundplane.platform.identity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.AvailabilityZone;
import software.amazon.awssdk.services.rds.model.DBEngineVersion;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsResponse;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsRequest;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsResponse;
import software.amazon.awssdk.services.rds.model.OrderableDBInstanceOption;

/** What clusters and instances can be made of. */
final class Catalog {
    private static final String PROVISIONED = "provisioned";

    private Catalog() {}

    static DescribeDbEngineVersionsResponse versions(Engine engine, DescribeDbEngineVersionsRequest request) {
        List<DBEngineVersion> all = new ArrayList<>();
        for (String version : matching(engine, request.engine(), request.engineVersion())) {
            boolean wanted = request.dbParameterGroupFamily() == null
                    || request.dbParameterGroupFamily().equals(Engine.family(version));
            boolean isDefault = version.equals(engine.version(null));
            if (wanted && (isDefault || !Boolean.TRUE.equals(request.defaultOnly()))) {
                all.add(version(version));
            }
        }
        Pages.Page<DBEngineVersion> page = Pages.of(
                Pages.filtered(
                        all,
                        request.filters(),
                        Map.of(
                                "engine-version", one -> List.of(one.engineVersion()),
                                "db-parameter-group-family", one -> List.of(one.dbParameterGroupFamily()),
                                "engine-mode", one -> List.of(PROVISIONED),
                                "status", one -> List.of(one.status()))),
                DBEngineVersion::engineVersion,
                request.maxRecords(),
                request.marker());
        return DescribeDbEngineVersionsResponse.builder()
                .dbEngineVersions(page.items())
                .marker(page.marker())
                .build();
    }

    private static List<String> matching(Engine engine, @Nullable String name, @Nullable String version) {
        if (name != null && !name.equals(Engine.NAME)) {
            return List.of();
        }
        return engine.versions().stream()
                .filter(one -> version == null
                        || one.equals(version)
                        || Engine.major(one).equals(version))
                .toList();
    }

    private static DBEngineVersion version(String version) {
        return DBEngineVersion.builder()
                .engine(Engine.NAME)
                .engineVersion(version)
                .majorEngineVersion(Engine.major(version))
                .dbParameterGroupFamily(Engine.family(version))
                .dbEngineDescription("Aurora PostgreSQL")
                .dbEngineVersionDescription("PostgreSQL " + version)
                .exportableLogTypes("postgresql")
                .supportsLogExportsToCloudwatchLogs(true)
                .supportsReadReplica(false)
                .supportedEngineModes(PROVISIONED)
                .status("available")
                .supportsParallelQuery(false)
                .supportsGlobalDatabases(false)
                .supportsBabelfish(false)
                .build();
    }

    static DescribeOrderableDbInstanceOptionsResponse orderable(
            Scope scope, Engine engine, DescribeOrderableDbInstanceOptionsRequest request) {
        List<OrderableDBInstanceOption> all = new ArrayList<>();
        for (String version : matching(engine, request.engine(), request.engineVersion())) {
            for (String instanceClass : InstanceClass.names()) {
                if (Objects.requireNonNullElse(request.dbInstanceClass(), instanceClass)
                        .equals(instanceClass)) {
                    all.add(option(scope, version, instanceClass));
                }
            }
        }
        Pages.Page<OrderableDBInstanceOption> page = Pages.of(
                Pages.filtered(all, request.filters(), Map.of()).stream()
                        .sorted((one, other) -> position(one).compareTo(position(other)))
                        .toList(),
                Catalog::position,
                request.maxRecords(),
                request.marker());
        return DescribeOrderableDbInstanceOptionsResponse.builder()
                .orderableDBInstanceOptions(page.items())
                .marker(page.marker())
                .build();
    }

    private static String position(OrderableDBInstanceOption option) {
        return option.engineVersion() + " " + option.dbInstanceClass();
    }

    private static OrderableDBInstanceOption option(Scope scope, String version, String instanceClass) {
        return OrderableDBInstanceOption.builder()
                .engine(Engine.NAME)
                .engineVersion(version)
                .dbInstanceClass(instanceClass)
                .licenseModel("postgresql-license")
                .availabilityZones(
                        AvailabilityZone.builder().name(scope.region() + "a").build())
                .storageType("aurora")
                .supportedEngineModes(PROVISIONED)
                .supportedNetworkTypes("IPV4")
                .multiAZCapable(false)
                .readReplicaCapable(false)
                .supportsStorageEncryption(false)
                .supportsIAMDatabaseAuthentication(false)
                .supportsPerformanceInsights(false)
                .supportsEnhancedMonitoring(false)
                .supportsIops(false)
                .supportsGlobalDatabases(false)
                .supportsClusters(true)
                .vpc(true)
                .build();
    }
}
