package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;
import software.amazon.awssdk.services.redshiftserverless.model.Tag;
import software.amazon.awssdk.services.redshiftserverless.model.TagResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.TagResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UntagResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UntagResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.Workgroup;

/** Tags of namespaces, workgroups and snapshots: kept as extras that begin with {@code tag:}. */
final class Tags {
    private static final String PREFIX = "tag:";
    private static final int MOST = 50;

    private final RedshiftStore store;
    private final SnapshotStore backups;

    Tags(RedshiftStore store, SnapshotStore backups) {
        this.store = store;
        this.backups = backups;
    }

    /**
     * Extras with tags added, which win.
     *
     * @throws software.amazon.awssdk.services.redshiftserverless.model.ValidationException for one without a key or a value
     * @throws software.amazon.awssdk.services.redshiftserverless.model.TooManyTagsException for more than 50 together
     */
    static Map<String, String> added(Map<String, String> extra, List<Tag> tags) {
        Map<String, String> all = new LinkedHashMap<>(extra);
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().isEmpty()) {
                throw RedshiftErrors.invalid("tags has one without a key.");
            }
            if (tag.value() == null) {
                throw RedshiftErrors.invalid("tags has the key %s without a value.", tag.key());
            }
            all.put(PREFIX + tag.key(), tag.value());
        }
        long count = all.keySet().stream().filter(key -> key.startsWith(PREFIX)).count();
        if (count > MOST) {
            throw RedshiftErrors.tooManyTags(MOST, count);
        }
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
        extra(call.scope(), given(request.resourceArn())).forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                tags.add(Tag.builder()
                        .key(key.substring(PREFIX.length()))
                        .value(value)
                        .build());
            }
        });
        return ListTagsForResourceResponse.builder().tags(tags).build();
    }

    private static String given(@Nullable String arn) {
        if (arn == null) {
            throw RedshiftErrors.invalid("resourceArn must be given: the ARN of a namespace, workgroup or snapshot.");
        }
        return arn;
    }

    private Map<String, String> extra(Scope scope, String arn) {
        return of(store.namespaces().list(scope, "", "", Resources.ALL), Namespace::namespaceArn, arn)
                .map(Stored::extra)
                .or(() -> of(store.workgroups().list(scope, "", "", Resources.ALL), Workgroup::workgroupArn, arn)
                        .map(Stored::extra))
                .or(() -> backups.snapshotOfArn(scope, arn).map(Stored::extra))
                .orElseThrow(() -> RedshiftErrors.notFound("Resource", arn));
    }

    private static <T> Optional<Stored<T>> of(Page<T> all, Function<T, String> arnOf, String arn) {
        return all.items().stream()
                .filter(one -> arnOf.apply(one.value()).equals(arn))
                .findFirst();
    }

    /** Looks for the resource in the transaction: another one of its name has another ARN, and not its tags. */
    private void change(Call call, @Nullable String resourceArn, UnaryOperator<Map<String, String>> changed) {
        String arn = given(resourceArn);
        Scope scope = call.scope();
        call.commit(tx -> {
            var namespace = of(store.namespaces().list(tx, scope, "", "", Resources.ALL), Namespace::namespaceArn, arn);
            var workgroup = of(store.workgroups().list(tx, scope, "", "", Resources.ALL), Workgroup::workgroupArn, arn);
            var snapshot = backups.snapshotOfArn(tx, scope, arn);
            if (namespace.isPresent()) {
                change(tx, store.namespaces(), namespace.get(), changed);
            } else if (workgroup.isPresent()) {
                change(tx, store.workgroups(), workgroup.get(), changed);
            } else {
                change(
                        tx,
                        backups.snapshots(),
                        snapshot.orElseThrow(() -> RedshiftErrors.notFound("Resource", arn)),
                        changed);
            }
            return arn;
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
