package dev.groundplane.services.ecs;

import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.services.AccessModel;
import dev.groundplane.services.ConditionKeys;
import dev.groundplane.wire.FieldPaths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;

/**
 * ECS's actions, resources and condition keys. Passing roles is decided where they are checked. Source: Service
 * Authorization Reference, "Amazon Elastic Container Service".
 */
final class EcsAccess implements AccessModel {
    private static final String DEFAULT_CLUSTER = "default";

    private final ResourceTags tags;
    private final TaskDefinitions definitions;

    EcsAccess(ResourceTags tags, TaskDefinitions definitions) {
        this.tags = tags;
        this.definitions = definitions;
    }

    @Override
    public List<AccessRequest> asked(Scope scope, String operation, SdkPojo request) {
        String cluster = cluster(scope, request);
        ConditionKeys keys = new ConditionKeys()
                .requestTags(FieldPaths.pairs(request, "tags", "key", "value"))
                .tagKeys(FieldPaths.texts(request, "tagKeys"));
        FieldPaths.text(request, "launchType").ifPresent(type -> keys.set("ecs:compute-compatibility", type));
        String action = "ecs:" + operation;
        if (inCluster(operation)) {
            keys.set("ecs:cluster", clusterArn(scope, cluster));
        }
        FieldPaths.text(request, "taskDefinition")
                .ifPresent(definition -> keys.set("ecs:task-definition", definition(scope, definition)));
        List<String> resources = resources(scope, operation, cluster, request);
        Map<String, List<String>> context = keys.values();
        return resources.stream()
                .map(arn -> AccessRequest.on(action, arn).with(withTags(scope, arn, context)))
                .toList();
    }

    private static boolean inCluster(String operation) {
        return switch (operation) {
            case "CreateCluster", "DescribeClusters", "ListClusters" -> false;
            default -> !operation.contains("TaskDefinition") && !operation.contains("ForResource");
        };
    }

    private static String cluster(Scope scope, SdkPojo request) {
        return EcsNames.cluster(scope, FieldPaths.text(request, "cluster").orElse(null));
    }

    private static String clusterArn(Scope scope, String name) {
        return scope.arn("ecs", "cluster/" + name);
    }

    private List<String> resources(Scope scope, String operation, String cluster, SdkPojo request) {
        List<String> inCluster = List.of(clusterArn(scope, cluster));
        return switch (operation) {
            case "CreateCluster" ->
                List.of(clusterArn(
                        scope, FieldPaths.text(request, "clusterName").orElse(DEFAULT_CLUSTER)));
            case "DescribeClusters" -> {
                List<String> names = FieldPaths.texts(request, "clusters");
                yield (names.isEmpty()
                                ? Stream.of(DEFAULT_CLUSTER)
                                : names.stream().map(EcsNames::cluster))
                        .map(name -> clusterArn(scope, name))
                        .toList();
            }
            case "DeleteCluster",
                    "RegisterContainerInstance",
                    "DeregisterContainerInstance",
                    "ListContainerInstances",
                    "ListAttributes",
                    "PutAttributes",
                    "DeleteAttributes",
                    "SubmitTaskStateChange" -> inCluster;
            case "RegisterTaskDefinition" ->
                List.of(scope.arn(
                        "ecs",
                        "task-definition/" + FieldPaths.text(request, "family").orElse("") + ":*"));
            case "DeregisterTaskDefinition", "RunTask", "StartTask" ->
                List.of(definition(
                        scope, FieldPaths.text(request, "taskDefinition").orElse("")));
            case "StopTask" ->
                List.of(child(
                        scope, "task", cluster, FieldPaths.text(request, "task").orElse("")));
            case "DescribeTasks" -> children(scope, "task", cluster, FieldPaths.texts(request, "tasks"));
            case "DescribeContainerInstances", "UpdateContainerInstancesState" ->
                children(scope, "container-instance", cluster, FieldPaths.texts(request, "containerInstances"));
            case "CreateService" ->
                List.of(child(
                        scope,
                        "service",
                        cluster,
                        FieldPaths.text(request, "serviceName").orElse("")));
            case "UpdateService", "DeleteService" ->
                List.of(child(
                        scope,
                        "service",
                        cluster,
                        FieldPaths.text(request, "service").orElse("")));
            case "DescribeServices" -> children(scope, "service", cluster, FieldPaths.texts(request, "services"));
            case "TagResource", "UntagResource", "ListTagsForResource" ->
                List.of(scope.arn(
                        "ecs",
                        Arns.resource(FieldPaths.text(request, "resourceArn").orElse(""))));
            default -> List.of("*");
        };
    }

    private static List<String> children(Scope scope, String kind, String cluster, List<String> ids) {
        return ids.isEmpty()
                ? List.of("*")
                : ids.stream().map(id -> child(scope, kind, cluster, id)).toList();
    }

    /** What an ARN says of account and cluster does not count: operations look for its last part in the request's cluster. */
    private static String child(Scope scope, String kind, String cluster, String id) {
        return scope.arn("ecs", kind + "/" + cluster + "/" + Arns.lastPart(id));
    }

    /** A definition is decided on by its revision, also when only its family was named. */
    private String definition(Scope scope, String named) {
        return scope.arn("ecs", "task-definition/" + definitions.revisionOf(scope, named));
    }

    private Map<String, List<String>> withTags(Scope scope, String arn, Map<String, List<String>> context) {
        Map<String, String> known = resourceTags(scope, arn);
        if (known.isEmpty()) {
            return context;
        }
        ConditionKeys keys = new ConditionKeys().resourceTags(known);
        known.forEach((key, value) -> keys.set("ecs:resourcetag/" + key, value));
        context.forEach(keys::set);
        return keys.values();
    }

    private Map<String, String> resourceTags(Scope scope, String arn) {
        if (!Arns.isArn(arn) || arn.endsWith("*")) {
            return Map.of();
        }
        try {
            Map<String, String> found = new LinkedHashMap<>();
            tags.list(
                            scope,
                            ListTagsForResourceRequest.builder()
                                    .resourceArn(arn)
                                    .build())
                    .tags()
                    .forEach(tag -> found.put(
                            tag.key(), Optional.ofNullable(tag.value()).orElse("")));
            return found;
        } catch (EcsException e) {
            return Map.of(); // what is not there has no tags; the operation says what is wrong
        }
    }
}
