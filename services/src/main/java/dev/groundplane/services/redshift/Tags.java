package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.warehouse.RequestRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.CreateTagsRequest;
import software.amazon.awssdk.services.redshift.model.CreateTagsResponse;
import software.amazon.awssdk.services.redshift.model.DeleteTagsRequest;
import software.amazon.awssdk.services.redshift.model.DeleteTagsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeTagsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeTagsResponse;
import software.amazon.awssdk.services.redshift.model.Snapshot;
import software.amazon.awssdk.services.redshift.model.Tag;
import software.amazon.awssdk.services.redshift.model.TaggedResource;

/** Tags of clusters and of their snapshots. */
final class Tags {
    private static final String CLUSTER = "cluster";
    private static final String SNAPSHOT = "snapshot";
    private static final int MOST = 50;

    private final ClusterStore store;
    private final ClusterSnapshotStore snapshots;

    Tags(ClusterStore store, ClusterSnapshotStore snapshots) {
        this.store = store;
        this.snapshots = snapshots;
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
            var snapshot = snapshots
                    .snapshots()
                    .find(tx, call.scope(), arn.substring(arn.lastIndexOf('/') + 1))
                    .filter(found -> found.value().snapshotArn().equals(arn));
            if (snapshot.isPresent()) {
                Snapshot before = snapshot.get().value();
                Snapshot after =
                        before.toBuilder().tags(change.apply(before.tags())).build();
                return snapshots.snapshots().update(tx, snapshot.get().with(after));
            }
            Stored<Cluster> cluster = store.clusters()
                    .find(tx, call.scope(), arn.substring(arn.lastIndexOf(':') + 1))
                    .filter(found -> arn(call, found.value()).equals(arn))
                    .orElseThrow(() -> RedshiftErrors.noResource(arn));
            Cluster before = cluster.value();
            Cluster after = before.toBuilder().tags(change.apply(before.tags())).build();
            return store.clusters().update(tx, cluster.with(after));
        });
    }

    private static String arn(Call call, Cluster cluster) {
        return ClusterStore.arn(call.scope(), cluster.clusterIdentifier());
    }

    DescribeTagsResponse describe(Call call, DescribeTagsRequest request) {
        if (request.resourceName() != null && request.resourceType() != null) {
            throw RedshiftErrors.combination("Either ResourceName or ResourceType may be given, not both.");
        }
        int size = ClusterRules.pageSize(request.maxRecords());
        String after = ClusterRules.after(request.marker());
        Optional<String> arn = Optional.ofNullable(request.resourceName());
        Map<String, List<Tag>> clusters = clusters(call);
        Map<String, List<Tag>> snapshotTags = snapshots(call);
        arn.filter(name -> !clusters.containsKey(name) && !snapshotTags.containsKey(name))
                .ifPresent(name -> {
                    throw RedshiftErrors.noResource(name);
                });
        List<TaggedResource> found =
                new ArrayList<>(Stream.concat(tagged(CLUSTER, clusters), tagged(SNAPSHOT, snapshotTags))
                        .filter(one -> arn.isEmpty() || one.resourceName().equals(arn.get()))
                        .filter(one -> request.resourceType() == null
                                || one.resourceType().equals(request.resourceType()))
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

    private Map<String, List<Tag>> clusters(Call call) {
        Map<String, List<Tag>> tags = new LinkedHashMap<>();
        store.clusters()
                .list(call.scope(), "", "", Resources.ALL)
                .items()
                .forEach(one -> tags.put(arn(call, one.value()), one.value().tags()));
        return tags;
    }

    private Map<String, List<Tag>> snapshots(Call call) {
        Map<String, List<Tag>> tags = new LinkedHashMap<>();
        snapshots
                .snapshots()
                .list(call.scope(), "", "", Resources.ALL)
                .items()
                .forEach(one -> tags.put(one.value().snapshotArn(), one.value().tags()));
        return tags;
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
