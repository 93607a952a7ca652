package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.redshift.model.AvailabilityZone;
import software.amazon.awssdk.services.redshift.model.ClusterParameterGroup;
import software.amazon.awssdk.services.redshift.model.ClusterParameterGroupNotFoundException;
import software.amazon.awssdk.services.redshift.model.ClusterSubnetGroup;
import software.amazon.awssdk.services.redshift.model.ClusterSubnetGroupNotFoundException;
import software.amazon.awssdk.services.redshift.model.ClusterVersion;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParameterGroupsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParameterGroupsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParametersRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParametersResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSubnetGroupsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSubnetGroupsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterVersionsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterVersionsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeOrderableClusterOptionsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeOrderableClusterOptionsResponse;
import software.amazon.awssdk.services.redshift.model.OrderableClusterOption;
import software.amazon.awssdk.services.redshift.model.Parameter;
import software.amazon.awssdk.services.redshift.model.ParameterApplyType;

/** What clusters can be made of, and the one parameter group and subnet group that there are. */
final class Catalog {
    static final String VERSION = "1.0";
    static final String PARAMETER_GROUP = "default.redshift-1.0";
    static final String SUBNET_GROUP = "default";

    private static final String FAMILY = "redshift-1.0";
    /** What sessions begin with here, by name. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "datestyle", "ISO, MDY",
            "extra_float_digits", "0",
            "query_group", "default",
            "require_ssl", "false",
            "search_path", "$user, public",
            "statement_timeout", "0");

    private Catalog() {}

    static DescribeClusterParameterGroupsResponse parameterGroups(DescribeClusterParameterGroupsRequest request) {
        requireParameterGroup(Objects.requireNonNullElse(request.parameterGroupName(), PARAMETER_GROUP));
        ClusterParameterGroup only = ClusterParameterGroup.builder()
                .parameterGroupName(PARAMETER_GROUP)
                .parameterGroupFamily(FAMILY)
                .description("Default parameter group for " + FAMILY)
                .build();
        boolean wanted = Tags.match(List.of(), request.tagKeys(), request.tagValues());
        return DescribeClusterParameterGroupsResponse.builder()
                .parameterGroups(wanted ? List.of(only) : List.of())
                .build();
    }

    private static void requireParameterGroup(String name) {
        if (!name.equals(PARAMETER_GROUP)) {
            throw ClusterParameterGroupNotFoundException.builder()
                    .message("Parameter group %s not found; there is %s only.".formatted(name, PARAMETER_GROUP))
                    .build();
        }
    }

    static DescribeClusterParametersResponse parameters(DescribeClusterParametersRequest request) {
        requireParameterGroup(Objects.requireNonNullElse(request.parameterGroupName(), ""));
        boolean ofEngine = request.source() == null || request.source().equals("engine-default");
        return DescribeClusterParametersResponse.builder()
                .parameters(
                        ofEngine
                                ? PARAMETERS.entrySet().stream()
                                        .sorted(Map.Entry.comparingByKey())
                                        .map(one -> Parameter.builder()
                                                .parameterName(one.getKey())
                                                .parameterValue(one.getValue())
                                                .source("engine-default")
                                                .dataType("string")
                                                .applyType(ParameterApplyType.STATIC)
                                                .isModifiable(false)
                                                .build())
                                        .toList()
                                : List.of())
                .build();
    }

    static DescribeClusterSubnetGroupsResponse subnetGroups(DescribeClusterSubnetGroupsRequest request) {
        String name = Objects.requireNonNullElse(request.clusterSubnetGroupName(), SUBNET_GROUP);
        if (!name.equals(SUBNET_GROUP)) {
            throw ClusterSubnetGroupNotFoundException.builder()
                    .message("Subnet group %s not found; there is %s only.".formatted(name, SUBNET_GROUP))
                    .build();
        }
        ClusterSubnetGroup only = ClusterSubnetGroup.builder()
                .clusterSubnetGroupName(SUBNET_GROUP)
                .description("This machine")
                .subnetGroupStatus("Complete")
                .build();
        boolean wanted = Tags.match(List.of(), request.tagKeys(), request.tagValues());
        return DescribeClusterSubnetGroupsResponse.builder()
                .clusterSubnetGroups(wanted ? List.of(only) : List.of())
                .build();
    }

    static DescribeClusterVersionsResponse versions(DescribeClusterVersionsRequest request) {
        boolean wanted =
                (request.clusterVersion() == null || request.clusterVersion().equals(VERSION))
                        && (request.clusterParameterGroupFamily() == null
                                || request.clusterParameterGroupFamily().equals(FAMILY));
        ClusterVersion only = ClusterVersion.builder()
                .clusterVersion(VERSION)
                .clusterParameterGroupFamily(FAMILY)
                .description("DuckDB behind Redshift's SQL")
                .build();
        return DescribeClusterVersionsResponse.builder()
                .clusterVersions(wanted ? List.of(only) : List.of())
                .build();
    }

    static DescribeOrderableClusterOptionsResponse orderable(
            Call call, DescribeOrderableClusterOptionsRequest request) {
        boolean wanted =
                request.clusterVersion() == null || request.clusterVersion().equals(VERSION);
        AvailabilityZone zone =
                AvailabilityZone.builder().name(call.scope().region() + "a").build();
        List<OrderableClusterOption> options = NodeType.ALL.stream()
                .filter(type ->
                        wanted && (request.nodeType() == null || type.name().equals(request.nodeType())))
                .flatMap(type -> Stream.of("single-node", "multi-node")
                        .filter(kind -> type.fewest() == 1 || kind.equals("multi-node"))
                        .map(kind -> OrderableClusterOption.builder()
                                .clusterVersion(VERSION)
                                .clusterType(kind)
                                .nodeType(type.name())
                                .availabilityZones(zone)
                                .build()))
                .toList();
        return DescribeOrderableClusterOptionsResponse.builder()
                .orderableClusterOptions(options)
                .build();
    }
}
