package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbClusterParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.CreateDbClusterParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterParameterGroup;
import software.amazon.awssdk.services.rds.model.DeleteDbClusterParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DeleteDbClusterParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbClusterParameterGroupsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbClusterParameterGroupsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbClusterParametersRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbClusterParametersResponse;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * Cluster parameter groups. Those whose names begin with {@code default.} are there without being stored.
 */
final class ParameterGroups {
    private static final int LONGEST_NAME = 255;

    private final RdsStore store;
    private final Engine engine;

    ParameterGroups(RdsStore store, Engine engine) {
        this.store = store;
        this.engine = engine;
    }

    /**
     * The group that somebody names for a cluster, or the default one.
     *
     * @return what is set in it
     */
    Map<String, String> values(Transaction tx, Scope scope, String name, String version) throws SQLException {
        if (name.equals(Engine.defaultParameterGroup(version))) {
            return Map.of();
        }
        Stored<DBClusterParameterGroup> group = require(tx, scope, name);
        if (!group.value().dbParameterGroupFamily().equals(Engine.family(version))) {
            throw RdsErrors.combination(
                    "DB cluster parameter group %s is of family %s and cannot be used with version %s.",
                    name, group.value().dbParameterGroupFamily(), version);
        }
        return ParameterValues.of(group);
    }

    static String name(@Nullable String given) {
        String name = Objects.requireNonNullElse(given, "").toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST_NAME || !name.matches("[a-z](-?[a-z0-9.])*")) {
            throw RdsErrors.invalid(
                    "DBClusterParameterGroupName '%s' must be 1 to %d letters, digits and single hyphens, beginning with a"
                            + " letter and not ending with a hyphen.",
                    name, LONGEST_NAME);
        }
        return name;
    }

    Stored<DBClusterParameterGroup> require(Transaction tx, Scope scope, String name) throws SQLException {
        return store.parameterGroups().find(tx, scope, name).orElseThrow(() -> RdsErrors.noParameterGroup(name));
    }

    CreateDbClusterParameterGroupResponse create(Call call, CreateDbClusterParameterGroupRequest request) {
        String name = name(request.dbClusterParameterGroupName());
        if (name.contains(".")) {
            throw RdsErrors.invalid("DBClusterParameterGroupName '%s' must have no dot: default groups have.", name);
        }
        requireFamily(request.dbParameterGroupFamily());
        if (request.description() == null || request.description().isEmpty()) {
            throw RdsErrors.invalid("Description is required.");
        }
        DBClusterParameterGroup made = DBClusterParameterGroup.builder()
                .dbClusterParameterGroupName(name)
                .dbClusterParameterGroupArn(RdsNames.parameterGroup(call.scope(), name))
                .dbParameterGroupFamily(request.dbParameterGroupFamily())
                .description(request.description())
                .build();
        List<Tag> tags = Tags.added(List.of(), request.tags());
        return call.commit(tx -> {
            if (store.parameterGroups().find(tx, call.scope(), name).isPresent()) {
                throw RdsErrors.parameterGroupExists(name);
            }
            Map<String, String> extra = new HashMap<>(ParameterValues.extra(Map.of()));
            extra.put(TagStore.EXTRA, TagStore.encoded(tags));
            store.parameterGroups().insert(tx, call.scope(), name, made, extra);
            return CreateDbClusterParameterGroupResponse.builder()
                    .dbClusterParameterGroup(made)
                    .build();
        });
    }

    private void requireFamily(@Nullable String family) {
        List<String> families = engine.versions().stream().map(Engine::family).toList();
        if (family == null || !families.contains(family)) {
            throw RdsErrors.invalid(
                    "DBParameterGroupFamily '%s' must be one of %s.",
                    Objects.requireNonNullElse(family, ""), String.join(", ", families));
        }
    }

    DescribeDbClusterParameterGroupsResponse describe(Call call, DescribeDbClusterParameterGroupsRequest request) {
        List<DBClusterParameterGroup> all = all(call.scope());
        if (request.dbClusterParameterGroupName() != null) {
            String name = name(request.dbClusterParameterGroupName());
            all = all.stream()
                    .filter(group -> group.dbClusterParameterGroupName().equals(name))
                    .toList();
            if (all.isEmpty()) {
                throw RdsErrors.noParameterGroup(name);
            }
        }
        Pages.Page<DBClusterParameterGroup> page = Pages.of(
                Pages.filtered(all, request.filters(), Map.of()),
                DBClusterParameterGroup::dbClusterParameterGroupName,
                request.maxRecords(),
                request.marker());
        return DescribeDbClusterParameterGroupsResponse.builder()
                .dbClusterParameterGroups(page.items())
                .marker(page.marker())
                .build();
    }

    private List<DBClusterParameterGroup> all(Scope scope) {
        Stream<DBClusterParameterGroup> defaults = engine.versions().stream().map(version -> standard(scope, version));
        Stream<DBClusterParameterGroup> made =
                store.parameterGroups().list(scope, "", "", Resources.ALL).items().stream()
                        .map(Stored::value);
        return Stream.concat(defaults, made)
                .sorted((one, other) ->
                        one.dbClusterParameterGroupName().compareTo(other.dbClusterParameterGroupName()))
                .toList();
    }

    private static DBClusterParameterGroup standard(Scope scope, String version) {
        String name = Engine.defaultParameterGroup(version);
        return DBClusterParameterGroup.builder()
                .dbClusterParameterGroupName(name)
                .dbClusterParameterGroupArn(RdsNames.parameterGroup(scope, name))
                .dbParameterGroupFamily(Engine.family(version))
                .description("Default cluster parameter group for " + Engine.family(version))
                .build();
    }

    DescribeDbClusterParametersResponse parameters(Call call, DescribeDbClusterParametersRequest request) {
        String name = name(request.dbClusterParameterGroupName());
        DBClusterParameterGroup group = all(call.scope()).stream()
                .filter(one -> one.dbClusterParameterGroupName().equals(name))
                .findFirst()
                .orElseThrow(() -> RdsErrors.noParameterGroup(name));
        Map<String, String> values = store.parameterGroups()
                .find(call.scope(), name)
                .map(found -> (Map<String, String>) ParameterValues.of(found))
                .orElse(Map.of());
        List<Parameter> all =
                ParameterTable.of(group.dbParameterGroupFamily().substring(Engine.NAME.length())).all().stream()
                        .map(parameter -> parameter.shown(
                                values.getOrDefault(parameter.name(), parameter.standard()),
                                values.containsKey(parameter.name())
                                        ? "user"
                                        : parameter.modifiable() ? "engine-default" : "system"))
                        .filter(parameter ->
                                request.source() == null || request.source().equals(parameter.source()))
                        .toList();
        Pages.Page<Parameter> page = Pages.of(
                Pages.filtered(all, request.filters(), Map.of("parameter-name", one -> List.of(one.parameterName()))),
                Parameter::parameterName,
                request.maxRecords(),
                request.marker());
        return DescribeDbClusterParametersResponse.builder()
                .parameters(page.items())
                .marker(page.marker())
                .build();
    }

    /** The name of a group that can be changed. */
    static String changeable(@Nullable String given) {
        String name = name(given);
        if (name.startsWith("default.")) {
            throw RdsErrors.invalid("Default parameter group %s cannot be changed; make one of your own.", name);
        }
        return name;
    }

    /** The clusters that have a group. */
    List<Stored<DBCluster>> using(Transaction tx, Scope scope, String name) throws SQLException {
        return store.clusters().list(tx, scope, "", "", Resources.ALL).items().stream()
                .filter(cluster -> name.equals(cluster.value().dbClusterParameterGroup()))
                .toList();
    }

    DeleteDbClusterParameterGroupResponse delete(Call call, DeleteDbClusterParameterGroupRequest request) {
        String name = changeable(request.dbClusterParameterGroupName());
        return call.commit(tx -> {
            Stored<DBClusterParameterGroup> group = require(tx, call.scope(), name);
            List<Stored<DBCluster>> users = using(tx, call.scope(), name);
            if (!users.isEmpty()) {
                throw RdsErrors.parameterGroupState("DB cluster parameter group %s is used by %s."
                        .formatted(
                                name,
                                String.join(
                                        ", ", users.stream().map(Stored::name).toList())));
            }
            store.parameterGroups().delete(tx, group);
            return DeleteDbClusterParameterGroupResponse.builder().build();
        });
    }
}
