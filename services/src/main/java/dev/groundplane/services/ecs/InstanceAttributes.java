package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.AttributeLimitExceededException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesRequest;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesResponse;
import software.amazon.awssdk.services.ecs.model.ListAttributesRequest;
import software.amazon.awssdk.services.ecs.model.ListAttributesResponse;
import software.amazon.awssdk.services.ecs.model.PutAttributesRequest;
import software.amazon.awssdk.services.ecs.model.PutAttributesResponse;
import software.amazon.awssdk.services.ecs.model.TargetNotFoundException;
import software.amazon.awssdk.services.ecs.model.TargetType;

/**
 * Custom attributes of container instances. They are marked by an extra, so that they outlive a registration, in which the
 * agent says only its own. Source: Amazon ECS API Reference, PutAttributes, DeleteAttributes, ListAttributes.
 */
final class InstanceAttributes {
    private static final int MAX_CHANGED = 10;
    private static final int MAX_CUSTOM = 10;
    private static final List<String> RESERVED = List.of("ecs.", "com.amazonaws.", "groundplane.");
    private static final String CUSTOM = "custom-attribute:";
    /** Between an instance's name and an attribute's in a page's token; in neither. */
    private static final String SEPARATOR = "\n";

    private final EcsStore store;
    private final Clusters clusters;

    InstanceAttributes(EcsStore store, Clusters clusters) {
        this.store = store;
        this.clusters = clusters;
    }

    /** What the agent says, and the custom attributes that the instance had. */
    static List<Attribute> merged(Stored<ContainerInstance> known, List<Attribute> registered) {
        List<Attribute> all = new ArrayList<>(registered);
        for (Attribute attribute : known.value().attributes()) {
            if (known.extra().containsKey(CUSTOM + attribute.name())) {
                all.removeIf(a -> a.name().equals(attribute.name()));
                all.add(attribute);
            }
        }
        return all;
    }

    /** Idempotent: an attribute of the same name gets the new value. */
    PutAttributesResponse put(Call call, PutAttributesRequest request) {
        checkCount(request.attributes());
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            List<Attribute> put = new ArrayList<>();
            for (Attribute attribute : request.attributes()) {
                check(attribute);
                Stored<ContainerInstance> target = target(tx, call.scope(), cluster, attribute);
                Stored<ContainerInstance> changed =
                        without(target, attribute.name()).withExtra(CUSTOM + attribute.name(), "true");
                List<Attribute> attributes = new ArrayList<>(changed.value().attributes());
                attributes.add(attribute.toBuilder()
                        .targetId(null)
                        .targetType((String) null)
                        .build());
                long custom = changed.extra().keySet().stream()
                        .filter(k -> k.startsWith(CUSTOM))
                        .count();
                if (custom > MAX_CUSTOM) {
                    throw AttributeLimitExceededException.builder()
                            .message("%s may have at most %d custom attributes."
                                    .formatted(attribute.targetId(), MAX_CUSTOM))
                            .build();
                }
                store(tx, changed, attributes);
                put.add(shown(target, attribute));
            }
            return PutAttributesResponse.builder().attributes(put).build();
        });
    }

    /** Idempotent: an attribute that is not there is not reported. */
    DeleteAttributesResponse delete(Call call, DeleteAttributesRequest request) {
        checkCount(request.attributes());
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            List<Attribute> deleted = new ArrayList<>();
            for (Attribute attribute : request.attributes()) {
                check(attribute);
                Stored<ContainerInstance> target = target(tx, call.scope(), cluster, attribute);
                Optional<Attribute> known = target.value().attributes().stream()
                        .filter(a -> a.name().equals(attribute.name()))
                        .filter(a ->
                                attribute.value() == null || attribute.value().equals(a.value()))
                        .findFirst();
                if (known.isPresent()) {
                    Stored<ContainerInstance> changed = without(target, attribute.name());
                    store(tx, changed, changed.value().attributes());
                    deleted.add(shown(target, known.get()));
                }
            }
            return DeleteAttributesResponse.builder().attributes(deleted).build();
        });
    }

    private static Stored<ContainerInstance> without(Stored<ContainerInstance> target, String name) {
        return target.with(target.value().toBuilder()
                        .attributes(target.value().attributes().stream()
                                .filter(a -> !a.name().equals(name))
                                .toList())
                        .build())
                .withExtra(CUSTOM + name, null);
    }

    private void store(Transaction tx, Stored<ContainerInstance> changed, List<Attribute> attributes)
            throws SQLException {
        store.instances()
                .update(
                        tx,
                        changed.with(changed.value().toBuilder()
                                .attributes(attributes)
                                .version(changed.value().version() + 1)
                                .build()));
    }

    ListAttributesResponse list(Scope scope, ListAttributesRequest request) {
        if (request.targetType() != TargetType.CONTAINER_INSTANCE) {
            throw EcsErrors.invalidParameter(
                    "targetType '%s' must be container-instance.", request.targetTypeAsString());
        }
        String cluster = clusters.requireName(scope, request.cluster());
        int limit = Limits.pageSize(request.maxResults());
        String after = Limits.after(request.nextToken());
        List<Attribute> page = new ArrayList<>();
        String last = "";
        for (Stored<ContainerInstance> instance :
                store.instances().list(scope, cluster + "/", "", Resources.ALL).items()) {
            for (Attribute attribute : sorted(instance)) {
                String position = instance.name() + SEPARATOR + attribute.name();
                if (position.compareTo(after) <= 0 || !isWanted(request, attribute)) {
                    continue;
                }
                if (page.size() == limit) {
                    return answer(page, Optional.of(last));
                }
                page.add(shown(instance, attribute));
                last = position;
            }
        }
        return answer(page, Optional.empty());
    }

    private static ListAttributesResponse answer(List<Attribute> page, Optional<String> next) {
        return ListAttributesResponse.builder()
                .attributes(page)
                .nextToken(Limits.token(next))
                .build();
    }

    private static List<Attribute> sorted(Stored<ContainerInstance> instance) {
        return ContainerInstances.INACTIVE.equals(instance.value().status())
                ? List.of()
                : instance.value().attributes().stream()
                        .sorted(Comparator.comparing(Attribute::name))
                        .toList();
    }

    private static boolean isWanted(ListAttributesRequest request, Attribute attribute) {
        return (request.attributeName() == null || request.attributeName().equals(attribute.name()))
                && (request.attributeValue() == null || request.attributeValue().equals(attribute.value()));
    }

    private static Attribute shown(Stored<ContainerInstance> target, Attribute attribute) {
        return attribute.toBuilder()
                .targetType(TargetType.CONTAINER_INSTANCE)
                .targetId(target.value().containerInstanceArn())
                .build();
    }

    private Stored<ContainerInstance> target(Transaction tx, Scope scope, String cluster, Attribute attribute)
            throws SQLException {
        String id = Objects.requireNonNullElse(attribute.targetId(), "");
        return store.instances()
                .find(tx, scope, EcsNames.inCluster(cluster, id))
                .filter(i -> !ContainerInstances.INACTIVE.equals(i.value().status()))
                .orElseThrow(() -> TargetNotFoundException.builder()
                        .message("The specified target '%s' was not found.".formatted(id))
                        .build());
    }

    private static void checkCount(List<Attribute> attributes) {
        if (attributes.isEmpty() || attributes.size() > MAX_CHANGED) {
            throw EcsErrors.invalidParameter("attributes must have 1 to %d, found %d.", MAX_CHANGED, attributes.size());
        }
    }

    private static void check(Attribute attribute) {
        String name = Objects.requireNonNullElse(attribute.name(), "");
        if (!name.matches("[a-zA-Z0-9_/\\\\.-]{1,128}")) {
            throw EcsErrors.invalidParameter(
                    "Attribute name '%s' must be 1 to 128 letters, digits, hyphens, underscores, slashes, back slashes and"
                            + " periods.",
                    name);
        }
        if (RESERVED.stream().anyMatch(name::startsWith)) {
            throw EcsErrors.invalidParameter(
                    "Attribute name '%s' is reserved: it must not begin with %s.", name, String.join(", ", RESERVED));
        }
        if (attribute.value() != null && !attribute.value().matches("[a-zA-Z0-9_/\\\\.@: -]{1,128}")) {
            throw EcsErrors.invalidParameter(
                    "Value '%s' of attribute %s must be 1 to 128 letters, digits, spaces and -_/\\.@: characters.",
                    attribute.value(), name);
        }
        if (attribute.targetType() != null && attribute.targetType() != TargetType.CONTAINER_INSTANCE) {
            throw EcsErrors.invalidParameter(
                    "targetType '%s' must be container-instance.", attribute.targetTypeAsString());
        }
    }
}
