package dev.groundplane.services.redshift;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshift.model.CreateClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.DeleteClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.DeleteIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.DescribeInboundIntegrationsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.ModifyIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.RestoreFromClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.Snapshot;
import software.amazon.awssdk.services.redshift.model.Tag;

/**
 * Redshift's actions, resources and condition keys. Source: Service Authorization Reference, "Amazon Redshift", and Redshift's
 * management guide, "Resource policies for GetClusterCredentials".
 */
final class RedshiftAccess implements AccessModel {
    private static final String PREFIX = "redshift:";
    private static final Set<String> DESCRIPTIONS = Set.of("DescribeClusters", "DescribeClusterSnapshots");

    private final ClusterStore store;
    private final ClusterSnapshotStore snapshots;
    private final EventIntegrationStore integrations;

    RedshiftAccess(ClusterStore store, ClusterSnapshotStore snapshots, EventIntegrationStore integrations) {
        this.store = store;
        this.snapshots = snapshots;
        this.integrations = integrations;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        return switch (request) {
            case GetClusterCredentialsRequest credentials -> credentials(scope, credentials);
            case GetClusterCredentialsWithIamRequest credentials ->
                List.of(AccessRequest.on(
                                PREFIX + operation,
                                database(scope, lower(credentials.clusterIdentifier()), credentials.dbName())
                                        .orElseGet(() -> scope.arn(
                                                "redshift",
                                                "dbname:%s/*".formatted(lower(credentials.clusterIdentifier())))))
                        .with(duration(credentials.durationSeconds()).values()));
            case CreateClusterSnapshotRequest create ->
                List.of(AccessRequest.on(
                                PREFIX + operation,
                                ClusterSnapshotStore.arn(
                                        scope, lower(create.clusterIdentifier()), lower(create.snapshotIdentifier())))
                        .with(requested(request).values()));
            case ModifyClusterSnapshotRequest modify ->
                List.of(onSnapshot(scope, operation, lower(modify.snapshotIdentifier())));
            case DeleteClusterSnapshotRequest delete ->
                List.of(onSnapshot(scope, operation, lower(delete.snapshotIdentifier())));
            case RestoreFromClusterSnapshotRequest restore ->
                List.of(onCluster(scope, operation, request), onSnapshot(scope, operation, name(restore)));
            case CreateIntegrationRequest create -> onNewIntegration(scope, operation, create);
            case DescribeIntegrationsRequest describe ->
                List.of(onIntegration(scope, operation, describe.integrationArn()));
            case ModifyIntegrationRequest modify -> List.of(onIntegration(scope, operation, modify.integrationArn()));
            case DeleteIntegrationRequest delete -> List.of(onIntegration(scope, operation, delete.integrationArn()));
            case DescribeInboundIntegrationsRequest describe ->
                List.of(AccessRequest.on(PREFIX + operation, Objects.requireNonNullElse(describe.targetArn(), "*")));
            default -> List.of(onCluster(scope, operation, request));
        };
    }

    private AccessRequest onSnapshot(Scope scope, String operation, String identifier) {
        var found = snapshots.snapshots().find(scope, identifier).map(Stored::value);
        ConditionKeys keys = new ConditionKeys();
        found.ifPresent(snapshot -> keys.resourceTags(tags(snapshot.tags())));
        return AccessRequest.on(
                        PREFIX + operation,
                        found.map(Snapshot::snapshotArn)
                                .orElseGet(() -> ClusterSnapshotStore.arn(scope, "*", identifier)))
                .with(keys.values());
    }

    /** A warehouse is written to. */
    private static List<AccessRequest> onNewIntegration(
            Scope scope, String operation, CreateIntegrationRequest create) {
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(create, "TagList", "Key", "Value"))
                .set(PREFIX + "IntegrationSourceArn", Objects.requireNonNullElse(create.sourceArn(), ""))
                .set(PREFIX + "IntegrationTargetArn", Objects.requireNonNullElse(create.targetArn(), ""));
        return List.of(
                AccessRequest.on(PREFIX + operation, EventIntegrationStore.arn(scope, "*"))
                        .with(keys.values()),
                AccessRequest.on(
                        PREFIX + "CreateInboundIntegration", Objects.requireNonNullElse(create.targetArn(), "*")));
    }

    private AccessRequest onIntegration(Scope scope, String operation, @Nullable String arn) {
        ConditionKeys keys = new ConditionKeys();
        integrations.find(scope, arn).ifPresent(found -> keys.resourceTags(tags(found.tags())));
        return AccessRequest.on(
                        PREFIX + operation, Objects.requireNonNullElse(arn, EventIntegrationStore.arn(scope, "*")))
                .with(keys.values());
    }

    /** Of the snapshot that is restored. */
    private static String name(RestoreFromClusterSnapshotRequest request) {
        String identifier = lower(request.snapshotIdentifier());
        String arn = lower(request.snapshotArn());
        return identifier.isEmpty() ? arn.substring(arn.lastIndexOf('/') + 1) : identifier;
    }

    private static ConditionKeys requested(SdkPojo request) {
        return new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "Tags", "Key", "Value"))
                .tagKeys(FieldPaths.texts(request, "TagKeys"));
    }

    private AccessRequest onCluster(Scope scope, String operation, SdkPojo request) {
        ConditionKeys keys = requested(request);
        if (DESCRIPTIONS.contains(operation)) { // of all or of one: AWS asks for it on everything
            return AccessRequest.onEverything(PREFIX + operation).with(keys.values());
        }
        Optional<String> cluster = FieldPaths.text(request, "ClusterIdentifier").map(RedshiftAccess::lower);
        cluster.or(() -> FieldPaths.text(request, "ResourceName").map(arn -> arn.substring(arn.lastIndexOf(':') + 1)))
                .flatMap(identifier -> store.clusters().find(scope, identifier))
                .ifPresent(found -> keys.resourceTags(tags(found.value().tags())));
        FieldPaths.text(request, "ResourceName")
                .flatMap(arn -> snapshots
                        .snapshots()
                        .find(scope, arn.substring(arn.lastIndexOf('/') + 1))
                        .filter(found -> found.value().snapshotArn().equals(arn)))
                .ifPresent(found -> keys.resourceTags(tags(found.value().tags())));
        FieldPaths.text(request, "ResourceName")
                .flatMap(arn -> integrations.find(scope, arn))
                .ifPresent(found -> keys.resourceTags(tags(found.tags())));
        String resource = cluster.map(identifier -> ClusterStore.arn(scope, identifier))
                .or(() -> FieldPaths.text(request, "ResourceName"))
                .orElse("*");
        return AccessRequest.on(PREFIX + operation, resource).with(keys.values());
    }

    private static Map<String, String> tags(List<Tag> tags) {
        return tags.stream()
                .collect(Collectors.toMap(
                        Tag::key, tag -> Optional.ofNullable(tag.value()).orElse("")));
    }

    private static List<AccessRequest> credentials(Scope scope, GetClusterCredentialsRequest request) {
        String cluster = lower(request.clusterIdentifier());
        String user = scope.arn("redshift", "dbuser:%s/%s".formatted(cluster, request.dbUser()));
        ConditionKeys keys = duration(request.durationSeconds())
                .set(PREFIX + "DbUser", Optional.ofNullable(request.dbUser()).orElse(""))
                .set(PREFIX + "DbName", Optional.ofNullable(request.dbName()).orElse(""));
        List<String> resources = new ArrayList<>(List.of(user));
        database(scope, cluster, request.dbName()).ifPresent(resources::add);
        List<AccessRequest> asked = new ArrayList<>();
        resources.forEach(resource -> asked.add(
                AccessRequest.on(PREFIX + "GetClusterCredentials", resource).with(keys.values())));
        if (Boolean.TRUE.equals(request.autoCreate())) {
            asked.add(AccessRequest.on(PREFIX + "CreateClusterUser", user).with(keys.values()));
        }
        request.dbGroups()
                .forEach(group -> asked.add(AccessRequest.on(
                                PREFIX + "JoinGroup", scope.arn("redshift", "dbgroup:%s/%s".formatted(cluster, group)))
                        .with(keys.values())));
        return asked;
    }

    private static Optional<String> database(Scope scope, String cluster, String name) {
        return Optional.ofNullable(name)
                .map(database -> scope.arn("redshift", "dbname:%s/%s".formatted(cluster, database)));
    }

    private static ConditionKeys duration(Integer seconds) {
        return new ConditionKeys().set(PREFIX + "DurationSeconds", seconds == null ? "" : Integer.toString(seconds));
    }

    private static String lower(@Nullable String identifier) {
        return identifier == null ? "" : identifier.toLowerCase(Locale.ROOT);
    }
}
