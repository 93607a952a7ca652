package dev.groundplane.services.rds;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.services.integration.IntegrationStore;
import dev.groundplane.wire.FieldPaths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * RDS's actions, resources and condition keys: an operation asks for its action on everything that its request names. Source:
 * Service Authorization Reference, "Amazon RDS".
 */
final class RdsAccess implements AccessModel {
    private static final String PREFIX = "rds:";
    /** What stands before a name in an ARN, by the member that has the name. */
    private static final SequencedMap<String, String> KINDS = kinds();

    private final TagStore tags;

    RdsAccess(TagStore tags) {
        this.tags = tags;
    }

    private static SequencedMap<String, String> kinds() {
        SequencedMap<String, String> kinds = new LinkedHashMap<>();
        kinds.put("DBClusterIdentifier", "cluster:");
        kinds.put("DBInstanceIdentifier", "db:");
        kinds.put("DBClusterParameterGroupName", "cluster-pg:");
        kinds.put("DBParameterGroupName", "pg:");
        kinds.put("DBSubnetGroupName", "subgrp:");
        kinds.put("DBClusterSnapshotIdentifier", "cluster-snapshot:");
        kinds.put("SnapshotIdentifier", "cluster-snapshot:");
        kinds.put("FinalDBSnapshotIdentifier", "cluster-snapshot:");
        return kinds;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        List<String> resources = new ArrayList<>();
        KINDS.forEach((member, kind) -> FieldPaths.text(request, member)
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> resources.add(arn(scope, kind, name))));
        FieldPaths.text(request, "IntegrationIdentifier")
                .filter(name -> !name.isEmpty())
                .ifPresent(name ->
                        resources.add(name.startsWith("arn:") ? name : IntegrationStore.arn("rds", scope, name)));
        FieldPaths.text(request, "ResourceName").ifPresent(resources::add);
        if (resources.isEmpty()) {
            resources.add(ofAll(scope, operation));
        }
        FieldPaths.text(request, "SourceArn").ifPresent(resources::add);
        Map<String, String> requestTags = FieldPaths.pairs(request, "Tags", "Key", "Value");
        List<String> removed = FieldPaths.texts(request, "TagKeys");
        return Stream.concat(
                        resources.stream()
                                .map(resource -> AccessRequest.on(PREFIX + operation, resource)
                                        .with(keys(scope, request, resource)
                                                .requestTags(requestTags)
                                                .tagKeys(removed)
                                                .values())),
                        // A warehouse is written to.
                        FieldPaths.text(request, "TargetArn").stream()
                                .map(target -> AccessRequest.on("redshift:CreateInboundIntegration", target)))
                .toList();
    }

    private static String arn(Scope scope, String kind, String name) {
        return name.startsWith("arn:") ? name : scope.arn("rds", kind + name.toLowerCase(Locale.ROOT));
    }

    /** Lists ask for all resources of their kind. */
    private static String ofAll(Scope scope, String operation) {
        return switch (operation) {
            case "DescribeDBClusters" -> scope.arn("rds", "cluster:*");
            case "DescribeDBInstances" -> scope.arn("rds", "db:*");
            case "CreateIntegration", "DescribeIntegrations" -> IntegrationStore.arn("rds", scope, "*");
            case "DescribeDBClusterParameterGroups" -> scope.arn("rds", "cluster-pg:*");
            case "DescribeDBClusterSnapshots" -> scope.arn("rds", "cluster-snapshot:*");
            default -> "*";
        };
    }

    private ConditionKeys keys(Scope scope, SdkPojo request, String resource) {
        ConditionKeys keys = new ConditionKeys();
        set(keys, request, "Engine", "DatabaseEngine");
        set(keys, request, "DatabaseName", "DatabaseName");
        set(keys, request, "DBInstanceClass", "DatabaseClass");
        return keys.resourceTags(
                tags.find(scope, resource).orElse(List.of()).stream().collect(Collectors.toMap(Tag::key, Tag::value)));
    }

    private static void set(ConditionKeys keys, SdkPojo request, String member, String key) {
        FieldPaths.text(request, member).ifPresent(value -> keys.set(PREFIX + key, value));
    }
}
