package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;

/** Tags of clusters, services, tasks, task definitions and container instances. Source: Amazon ECS API Reference. */
final class ResourceTags {
    private static final int MAX_TAGS = 50;
    private static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 256;

    /** One type's resource with other tags, or its tags alone. */
    private record Kind<T>(
            Resources<T> resources,
            String name,
            Function<Stored<T>, List<Tag>> tags,
            BiFunction<Stored<T>, List<Tag>, Stored<T>> tagged) {}

    private final EcsStore store;

    ResourceTags(EcsStore store) {
        this.store = store;
    }

    /** Idempotent: a tag of the same key gets the new value. */
    TagResourceResponse tag(Call call, TagResourceRequest request) {
        if (request.tags().isEmpty()) {
            throw EcsErrors.invalidParameter("Tags can not be empty.");
        }
        request.tags().forEach(ResourceTags::check);
        Kind<?> kind = kind(Objects.requireNonNullElse(request.resourceArn(), ""));
        call.commit(tx -> change(tx, call.scope(), kind, known -> {
            List<Tag> all = new ArrayList<>(known);
            for (Tag tag : request.tags()) {
                all.removeIf(t -> t.key().equals(tag.key()));
                all.add(tag);
            }
            return all;
        }));
        return TagResourceResponse.builder().build();
    }

    /** Idempotent: keys that are not there are ignored. */
    UntagResourceResponse untag(Call call, UntagResourceRequest request) {
        if (request.tagKeys().isEmpty()) {
            throw EcsErrors.invalidParameter("Tag keys can not be empty.");
        }
        Kind<?> kind = kind(Objects.requireNonNullElse(request.resourceArn(), ""));
        call.commit(tx -> change(
                tx,
                call.scope(),
                kind,
                known -> known.stream()
                        .filter(t -> !request.tagKeys().contains(t.key()))
                        .toList()));
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(Scope scope, ListTagsForResourceRequest request) {
        return ListTagsForResourceResponse.builder()
                .tags(tags(scope, kind(Objects.requireNonNullElse(request.resourceArn(), ""))))
                .build();
    }

    private static <T> List<Tag> tags(Scope scope, Kind<T> kind) {
        return kind.tags().apply(kind.resources().find(scope, kind.name()).orElseThrow(() -> notFound(kind.name())));
    }

    private static <T> boolean change(Transaction tx, Scope scope, Kind<T> kind, UnaryOperator<List<Tag>> change)
            throws SQLException {
        Stored<T> stored = kind.resources().find(tx, scope, kind.name()).orElseThrow(() -> notFound(kind.name()));
        List<Tag> tags = change.apply(kind.tags().apply(stored));
        if (tags.size() > MAX_TAGS) {
            throw EcsErrors.invalidParameter("A resource may have at most %d tags.", MAX_TAGS);
        }
        kind.resources().update(tx, kind.tagged().apply(stored, tags));
        return true;
    }

    private Kind<?> kind(String arn) {
        String resource = Arns.resource(arn);
        String type = resource.contains("/") ? resource.substring(0, resource.indexOf('/')) : "";
        return switch (type) {
            case "cluster" ->
                new Kind<>(
                        store.clusters(),
                        EcsNames.name(arn),
                        s -> s.value().tags(),
                        (s, tags) -> s.with(s.value().toBuilder().tags(tags).build()));
            case "service" ->
                new Kind<>(
                        store.services(),
                        EcsNames.name(arn),
                        s -> s.value().tags(),
                        (s, tags) -> s.with(s.value().toBuilder().tags(tags).build()));
            case "task" ->
                new Kind<>(
                        store.tasks(),
                        EcsNames.name(arn),
                        s -> s.value().tags(),
                        (s, tags) -> s.with(s.value().toBuilder().tags(tags).build()));
            case "container-instance" ->
                new Kind<>(
                        store.instances(),
                        EcsNames.name(arn),
                        s -> s.value().tags(),
                        (s, tags) -> s.with(s.value().toBuilder().tags(tags).build()));
            case "task-definition" -> new Kind<>(store.taskDefinitions(), definition(arn), Tags::of, Tags::on);
            default ->
                throw EcsErrors.invalidParameter(
                        "resourceArn '%s' must be the ARN of a cluster, service, task, task definition or container"
                                + " instance.",
                        arn);
        };
    }

    private static String definition(String arn) {
        if (!arn.matches(".*:[0-9]{1,9}")) {
            throw notFound(arn);
        }
        return TaskDefinitions.storeName(arn);
    }

    private static ResourceNotFoundException notFound(String name) {
        return ResourceNotFoundException.builder()
                .message("The specified resource '%s' was not found.".formatted(name))
                .build();
    }

    private static void check(Tag tag) {
        String key = Objects.requireNonNullElse(tag.key(), "");
        if (key.isEmpty()
                || key.length() > MAX_KEY
                || key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
            throw EcsErrors.invalidParameter(
                    "Tag key '%s' must be 1 to %d characters and must not begin with aws:.", key, MAX_KEY);
        }
        if (tag.value() != null && tag.value().length() > MAX_VALUE) {
            throw EcsErrors.invalidParameter("The value of tag %s must be at most %d characters.", key, MAX_VALUE);
        }
    }
}
