package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.RequestRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.CreateTagsRequest;
import software.amazon.awssdk.services.redshift.model.CreateTagsResponse;
import software.amazon.awssdk.services.redshift.model.DeleteTagsRequest;
import software.amazon.awssdk.services.redshift.model.DeleteTagsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeTagsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeTagsResponse;
import software.amazon.awssdk.services.redshift.model.Integration;
import software.amazon.awssdk.services.redshift.model.Snapshot;
import software.amazon.awssdk.services.redshift.model.Tag;
import software.amazon.awssdk.services.redshift.model.TaggedResource;

/** Tags of clusters, of their snapshots and of integrations. */
final class Tags {
    private static final int MOST = 50;

    private final List<Kind<?>> kinds;

    Tags(ClusterStore clusters, ClusterSnapshotStore snapshots, EventIntegrationStore integrations) {
        kinds = List.of(
                new Kind<>(
                        "cluster",
                        ':',
                        clusters.clusters(),
                        (scope, cluster) -> ClusterStore.arn(scope, cluster.clusterIdentifier()),
                        Cluster::tags,
                        (cluster, tags) -> cluster.toBuilder().tags(tags).build()),
                new Kind<>(
                        "snapshot",
                        '/',
                        snapshots.snapshots(),
                        (scope, snapshot) -> snapshot.snapshotArn(),
                        Snapshot::tags,
                        (snapshot, tags) -> snapshot.toBuilder().tags(tags).build()),
                new Kind<>(
                        "integration",
                        ':',
                        integrations.integrations(),
                        (scope, integration) -> integration.integrationArn(),
                        Integration::tags,
                        (integration, tags) ->
                                integration.toBuilder().tags(tags).build()));
    }

    /**
     * A kind of things that have tags.
     *
     * @param type as requests name it
     * @param before stands before the name in an ARN
     */
    private record Kind<T>(
            String type,
            char before,
            Resources<T> resources,
            BiFunction<Scope, T, String> arn,
            Function<T, List<Tag>> tags,
            BiFunction<T, List<Tag>, T> with) {
        /** Whether there is one of an ARN, whose tags are changed then. */
        boolean change(Transaction tx, Scope scope, String name, UnaryOperator<List<Tag>> change) throws SQLException {
            Optional<Stored<T>> found = resources
                    .find(tx, scope, name.substring(name.lastIndexOf(before) + 1))
                    .filter(one -> arn.apply(scope, one.value()).equals(name));
            if (found.isPresent()) {
                T thing = found.get().value();
                resources.update(tx, found.get().with(with.apply(thing, change.apply(tags.apply(thing)))));
            }
            return found.isPresent();
        }

        /** The tags of all, by ARNs. */
        Map<String, List<Tag>> all(Scope scope) {
            return resources.list(scope, "", "", Resources.ALL).items().stream()
                    .map(Stored::value)
                    .collect(Collectors.toMap(one -> arn.apply(scope, one), tags));
        }
    }

    /** Tags with others added, which win. */
    static List<Tag> added(List<Tag> before, List<Tag> tags) {
        Map<String, Tag> all = new LinkedHashMap<>();
        before.forEach(tag -> all.put(tag.key(), tag));
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().isEmpty()) {
                throw RedshiftErrors.invalid("Tags has one without a Key.");
            }
            all.put(tag.key(), tag);
        }
        if (all.size() > MOST) {
            throw RedshiftErrors.invalid("A resource may have %d tags, not %d.", MOST, all.size());
        }
        return List.copyOf(all.values());
    }

    /** Whether one of them has a key and a value that is wanted; empty lists want nothing. */
    static boolean match(List<Tag> tags, List<String> keys, List<String> values) {
        return (keys.isEmpty() && values.isEmpty()) || tags.stream().anyMatch(tag -> matches(tag, keys, values));
    }

    private static boolean matches(Tag tag, List<String> keys, List<String> values) {
        return (keys.isEmpty() || keys.contains(tag.key())) && (values.isEmpty() || values.contains(tag.value()));
    }

    CreateTagsResponse create(Call call, CreateTagsRequest request) {
        change(call, request.resourceName(), tags -> added(tags, request.tags()));
        return CreateTagsResponse.builder().build();
    }

    DeleteTagsResponse delete(Call call, DeleteTagsRequest request) {
        change(
                call,
                request.resourceName(),
                tags -> tags.stream()
                        .filter(tag -> !request.tagKeys().contains(tag.key()))
                        .toList());
        return DeleteTagsResponse.builder().build();
    }

    private void change(Call call, @Nullable String resource, UnaryOperator<List<Tag>> change) {
        String arn = Objects.requireNonNullElse(resource, "");
        call.commit(tx -> {
            for (Kind<?> kind : kinds) {
                if (kind.change(tx, call.scope(), arn, change)) {
                    return kind;
                }
            }
            throw RedshiftErrors.noResource(arn);
        });
    }

    DescribeTagsResponse describe(Call call, DescribeTagsRequest request) {
        if (request.resourceName() != null && request.resourceType() != null) {
            throw RedshiftErrors.combination("Either ResourceName or ResourceType may be given, not both.");
        }
        int size = ClusterRules.pageSize(request.maxRecords());
        String after = ClusterRules.after(request.marker());
        Optional<String> arn = Optional.ofNullable(request.resourceName());
        Map<String, Map<String, List<Tag>>> all = new LinkedHashMap<>();
        kinds.forEach(kind -> all.put(kind.type(), kind.all(call.scope())));
        arn.filter(name -> all.values().stream().noneMatch(ofType -> ofType.containsKey(name)))
                .ifPresent(name -> {
                    throw RedshiftErrors.noResource(name);
                });
        List<TaggedResource> found = new ArrayList<>(all.entrySet().stream()
                .flatMap(ofType -> tagged(ofType.getKey(), ofType.getValue()))
                .filter(one -> arn.isEmpty() || one.resourceName().equals(arn.get()))
                .filter(one ->
                        request.resourceType() == null || one.resourceType().equals(request.resourceType()))
                .filter(one -> matches(one.tag(), request.tagKeys(), request.tagValues()))
                .filter(one -> position(one).compareTo(after) > 0)
                .sorted(Comparator.comparing(Tags::position))
                .limit(size + 1L)
                .toList());
        if (found.size() <= size) {
            return DescribeTagsResponse.builder().taggedResources(found).build();
        }
        found.removeLast();
        return DescribeTagsResponse.builder()
                .taggedResources(found)
                .marker(RequestRules.marker(position(found.getLast())))
                .build();
    }

    private static String position(TaggedResource one) {
        return one.resourceName() + " " + one.tag().key();
    }

    private static Stream<TaggedResource> tagged(String type, Map<String, List<Tag>> tags) {
        return tags.entrySet().stream()
                .flatMap(resource -> resource.getValue().stream()
                        .map(tag -> TaggedResource.builder()
                                .resourceName(resource.getKey())
                                .resourceType(type)
                                .tag(tag)
                                .build()));
    }
}
