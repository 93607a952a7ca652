package dev.groundplane.services.rds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.rds.model.Tag;

/** The tags of whatever has some, by its ARN. Thread-safe. */
final class TagStore {
    /** Extra of what AWS's model has no tags of: they are here. */
    static final String EXTRA = "tags";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, String>> TYPE = new TypeReference<>() {};

    private final List<Kind<?>> kinds;

    TagStore(RdsStore store) {
        kinds = List.of(
                new Kind<>(
                        "cluster:",
                        store.clusters(),
                        cluster -> cluster.value().tagList(),
                        (cluster, tags) -> cluster.with(
                                cluster.value().toBuilder().tagList(tags).build())),
                new Kind<>(
                        "db:",
                        store.instances(),
                        instance -> instance.value().tagList(),
                        (instance, tags) -> instance.with(
                                instance.value().toBuilder().tagList(tags).build())),
                new Kind<>(
                        "cluster-snapshot:",
                        store.snapshots(),
                        snapshot -> snapshot.value().tagList(),
                        (snapshot, tags) -> snapshot.with(
                                snapshot.value().toBuilder().tagList(tags).build())),
                new Kind<>(
                        "cluster-pg:",
                        store.parameterGroups(),
                        group -> decoded(group.extra().getOrDefault(EXTRA, "{}")),
                        (group, tags) -> group.withExtra(EXTRA, encoded(tags))));
    }

    /** Resources of one kind. */
    private record Kind<T>(
            String prefix,
            Resources<T> resources,
            Function<Stored<T>, List<Tag>> tags,
            BiFunction<Stored<T>, List<Tag>, Stored<T>> with) {

        Optional<List<Tag>> find(Scope scope, String name) {
            return resources.find(scope, name).map(tags);
        }

        boolean change(Transaction tx, Scope scope, String name, UnaryOperator<List<Tag>> change) throws SQLException {
            Optional<Stored<T>> found = resources.find(tx, scope, name);
            if (found.isPresent()) {
                resources.update(tx, with.apply(found.get(), change.apply(tags.apply(found.get()))));
            }
            return found.isPresent();
        }
    }

    static String encoded(List<Tag> tags) {
        Map<String, String> map = new LinkedHashMap<>();
        tags.forEach(tag -> map.put(tag.key(), tag.value()));
        try {
            return JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of strings always has a JSON form", e);
        }
    }

    private static List<Tag> decoded(String json) {
        try {
            return JSON.readValue(json, TYPE).entrySet().stream()
                    .map(tag -> Tag.builder()
                            .key(tag.getKey())
                            .value(tag.getValue())
                            .build())
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored tags are not JSON", e);
        }
    }

    /** The tags of a resource; empty when there is none of that ARN in the account and region. */
    Optional<List<Tag>> find(Scope scope, String arn) {
        for (Kind<?> kind : kinds) {
            String prefix = scope.arn("rds", kind.prefix());
            if (arn.startsWith(prefix)) {
                return kind.find(scope, arn.substring(prefix.length()));
            }
        }
        return Optional.empty();
    }

    /**
     * Changes the tags of a resource.
     *
     * @return whether there is one of that ARN in the account and region
     */
    boolean change(Transaction tx, Scope scope, String arn, UnaryOperator<List<Tag>> change) throws SQLException {
        for (Kind<?> kind : kinds) {
            String prefix = scope.arn("rds", kind.prefix());
            if (arn.startsWith(prefix)) {
                return kind.change(tx, scope, arn.substring(prefix.length()), change);
            }
        }
        return false;
    }
}
