package dev.groundplane.services.redshift;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.Tag;

/**
 * Redshift's actions, resources and condition keys. Source: Service Authorization Reference, "Amazon Redshift", and Redshift's
 * management guide, "Resource policies for GetClusterCredentials".
 */
final class RedshiftAccess implements AccessModel {
    private static final String PREFIX = "redshift:";

    private final ClusterStore store;

    RedshiftAccess(ClusterStore store) {
        this.store = store;
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
            default -> List.of(onCluster(scope, operation, request));
        };
    }

    private AccessRequest onCluster(Scope scope, String operation, SdkPojo request) {
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "Tags", "Key", "Value"))
                .tagKeys(FieldPaths.texts(request, "TagKeys"));
        if (operation.equals("DescribeClusters")) { // of all or of one: AWS asks for it on everything
            return AccessRequest.onEverything(PREFIX + operation).with(keys.values());
        }
        Optional<String> cluster = FieldPaths.text(request, "ClusterIdentifier").map(RedshiftAccess::lower);
        cluster.or(() -> FieldPaths.text(request, "ResourceName").map(arn -> arn.substring(arn.lastIndexOf(':') + 1)))
                .flatMap(identifier -> store.clusters().find(scope, identifier))
                .ifPresent(found -> keys.resourceTags(tags(found.value().tags())));
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

    private static String lower(String identifier) {
        return identifier == null ? "" : identifier.toLowerCase(Locale.ROOT);
    }
}
