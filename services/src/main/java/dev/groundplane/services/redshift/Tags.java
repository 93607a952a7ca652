package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import software.amazon.awssdk.services.redshift.model.Tag;
import software.amazon.awssdk.services.redshift.model.TaggedResource;

/** Tags of clusters. */
final class Tags {
    private static final String TYPE = "cluster";
    private static final int MOST = 50;

    private final ClusterStore store;

    Tags(ClusterStore store) {
        this.store = store;
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
            throw RedshiftErrors.invalid("A cluster may have %d tags, not %d.", MOST, all.size());
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

    private void change(Call call, @Nullable String arn, UnaryOperator<List<Tag>> change) {
        String identifier = identifier(call, Objects.requireNonNullElse(arn, ""));
        call.commit(tx -> {
            Stored<Cluster> stored = store.clusters()
                    .find(tx, call.scope(), identifier)
                    .orElseThrow(() -> RedshiftErrors.noResource(String.valueOf(arn)));
            List<Tag> tags = change.apply(stored.value().tags());
            return store.clusters()
                    .update(
                            tx,
                            stored.with(stored.value().toBuilder().tags(tags).build()));
        });
    }

    private static String identifier(Call call, String arn) {
        String prefix = ClusterStore.arn(call.scope(), "");
        if (!arn.startsWith(prefix)) {
            throw RedshiftErrors.noResource(arn);
        }
        return arn.substring(prefix.length());
    }

    DescribeTagsResponse describe(Call call, DescribeTagsRequest request) {
        if (request.resourceName() != null && request.resourceType() != null) {
            throw RedshiftErrors.combination("Either ResourceName or ResourceType may be given, not both.");
        }
        int size = ClusterRules.pageSize(request.maxRecords());
        String after = ClusterRules.after(request.marker());
        List<TaggedResource> found = new ArrayList<>(all(call, request)
                .filter(one -> position(one).compareTo(after) > 0)
                .sorted((one, other) -> position(one).compareTo(position(other)))
                .limit(size + 1L)
                .toList());
        if (found.size() <= size) {
            return DescribeTagsResponse.builder().taggedResources(found).build();
        }
        found.removeLast();
        return DescribeTagsResponse.builder()
                .taggedResources(found)
                .marker(ClusterRules.marker(position(found.getLast())))
                .build();
    }

    private static String position(TaggedResource one) {
        return one.resourceName() + " " + one.tag().key();
    }

    private Stream<TaggedResource> all(Call call, DescribeTagsRequest request) {
        Stream<Cluster> clusters;
        if (request.resourceName() != null) {
            clusters = Stream.of(store.clusters()
                    .find(call.scope(), identifier(call, request.resourceName()))
                    .orElseThrow(() -> RedshiftErrors.noResource(request.resourceName()))
                    .value());
        } else if (request.resourceType() != null && !request.resourceType().equals(TYPE)) {
            clusters = Stream.of(); // of AWS's kinds of resources there are clusters only
        } else {
            clusters = store.clusters().list(call.scope(), "", "", Resources.ALL).items().stream()
                    .map(Stored::value);
        }
        return clusters.flatMap(cluster -> cluster.tags().stream()
                .filter(tag -> matches(tag, request.tagKeys(), request.tagValues()))
                .map(tag -> TaggedResource.builder()
                        .resourceName(ClusterStore.arn(call.scope(), cluster.clusterIdentifier()))
                        .resourceType(TYPE)
                        .tag(tag)
                        .build()));
    }
}
