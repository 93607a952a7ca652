package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Snapshot;
import software.amazon.awssdk.services.redshiftserverless.model.Tag;
import software.amazon.awssdk.services.redshiftserverless.model.TagResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.TagResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UntagResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UntagResourceResponse;

/** Tags of namespaces, workgroups and snapshots: kept as extras that begin with {@code tag:}. */
final class Tags {
    private static final String PREFIX = "tag:";

    private final RedshiftStore store;
    private final BackupStore backups;

    Tags(RedshiftStore store, BackupStore backups) {
        this.store = store;
        this.backups = backups;
    }

    /** Extras with tags added. */
    static Map<String, String> added(Map<String, String> extra, List<Tag> tags) {
        Map<String, String> all = new LinkedHashMap<>(extra);
        tags.forEach(tag -> all.put(PREFIX + tag.key(), tag.value()));
        return all;
    }

    TagResourceResponse tag(Call call, TagResourceRequest request) {
        change(call, request.resourceArn(), extra -> added(extra, request.tags()));
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(Call call, UntagResourceRequest request) {
        change(call, request.resourceArn(), extra -> {
            Map<String, String> left = new LinkedHashMap<>(extra);
            request.tagKeys().forEach(key -> left.remove(PREFIX + key));
            return left;
        });
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(Call call, ListTagsForResourceRequest request) {
        List<Tag> tags = new ArrayList<>();
        find(call, request.resourceArn()).extra().forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                tags.add(Tag.builder()
                        .key(key.substring(PREFIX.length()))
                        .value(value)
                        .build());
            }
        });
        return ListTagsForResourceResponse.builder().tags(tags).build();
    }

    private Stored<?> find(Call call, @Nullable String arn) {
        if (arn == null) {
            throw RedshiftErrors.invalid("resourceArn must be given: the ARN of a namespace, workgroup or snapshot.");
        }
        Stream<Stored<?>> namespaces = store.namespaces().list(call.scope(), "", "", Resources.ALL).items().stream()
                .filter(namespace -> namespace.value().namespaceArn().equals(arn))
                .map(found -> found);
        Stream<Stored<?>> workgroups = store.workgroups().list(call.scope(), "", "", Resources.ALL).items().stream()
                .filter(workgroup -> workgroup.value().workgroupArn().equals(arn))
                .map(found -> found);
        Stream<Stored<?>> snapshots =
                backups.snapshotOfArn(call.scope(), arn).stream().map(found -> found);
        return Stream.of(namespaces, workgroups, snapshots)
                .flatMap(found -> found)
                .findFirst()
                .orElseThrow(() -> RedshiftErrors.notFound("Resource", arn));
    }

    private void change(Call call, String arn, UnaryOperator<Map<String, String>> changed) {
        String name = find(call, arn).name();
        call.commit(tx -> {
            if (arn.contains(":namespace/")) {
                change(tx, store.namespaces(), store.requireNamespace(tx, call.scope(), name), changed);
            } else if (arn.contains(":snapshot/")) {
                Stored<Snapshot> snapshot = backups.snapshots()
                        .find(tx, call.scope(), name)
                        .orElseThrow(() -> RedshiftErrors.notFound("Snapshot", name));
                change(tx, backups.snapshots(), snapshot, changed);
            } else {
                change(tx, store.workgroups(), store.requireWorkgroup(tx, call.scope(), name), changed);
            }
            return name;
        });
    }

    private static <T> void change(
            Transaction tx, Resources<T> resources, Stored<T> stored, UnaryOperator<Map<String, String>> changed)
            throws SQLException {
        resources.update(
                tx,
                new Stored<>(
                        stored.scope(),
                        stored.name(),
                        stored.version(),
                        stored.value(),
                        Map.copyOf(changed.apply(stored.extra()))));
    }
}
