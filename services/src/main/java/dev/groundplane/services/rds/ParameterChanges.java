package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterParameterGroup;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterParameterGroupResponse;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.ResetDbClusterParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.ResetDbClusterParameterGroupResponse;

/**
 * Changes of parameters. What is changed with {@code immediate} holds at once in the servers of a group's clusters, the rest from
 * their next start on.
 */
final class ParameterChanges {
    private static final int MOST_CHANGES = 20;

    private final RdsStore store;
    private final ParameterGroups groups;

    ParameterChanges(RdsStore store, ParameterGroups groups) {
        this.store = store;
        this.groups = groups;
    }

    ModifyDbClusterParameterGroupResponse modify(Call call, ModifyDbClusterParameterGroupRequest request) {
        String name = ParameterGroups.changeable(request.dbClusterParameterGroupName());
        checkCount(request.parameters(), 1);
        return call.commit(tx -> {
            Stored<DBClusterParameterGroup> group = groups.require(tx, call.scope(), name);
            SequencedMap<String, String> values = ParameterValues.of(group);
            Map<String, @Nullable String> now = new TreeMap<>();
            for (Parameter parameter : request.parameters()) {
                EngineParameter known = known(group.value(), parameter);
                String value = Objects.requireNonNullElse(parameter.parameterValue(), "");
                known.check(value);
                values.put(known.name(), value);
                if (isImmediate(known, parameter)) {
                    now.put(known.name(), value);
                }
            }
            put(tx, group, values, now);
            return ModifyDbClusterParameterGroupResponse.builder()
                    .dbClusterParameterGroupName(name)
                    .build();
        });
    }

    ResetDbClusterParameterGroupResponse reset(Call call, ResetDbClusterParameterGroupRequest request) {
        String name = ParameterGroups.changeable(request.dbClusterParameterGroupName());
        boolean everything = Boolean.TRUE.equals(request.resetAllParameters());
        if (everything && !request.parameters().isEmpty()) {
            throw RdsErrors.combination("Parameters cannot be named when ResetAllParameters is true.");
        }
        checkCount(request.parameters(), everything ? 0 : 1);
        return call.commit(tx -> {
            Stored<DBClusterParameterGroup> group = groups.require(tx, call.scope(), name);
            SequencedMap<String, String> values = ParameterValues.of(group);
            Map<String, @Nullable String> now = new TreeMap<>();
            if (everything) {
                values.clear(); // with the next reboot: some of them are static
            }
            for (Parameter parameter : request.parameters()) {
                EngineParameter known = known(group.value(), parameter);
                values.remove(known.name());
                if (isImmediate(known, parameter)) {
                    now.put(known.name(), null);
                }
            }
            put(tx, group, values, now);
            return ResetDbClusterParameterGroupResponse.builder()
                    .dbClusterParameterGroupName(name)
                    .build();
        });
    }

    private static void checkCount(List<Parameter> parameters, int fewest) {
        if (parameters.size() < fewest || parameters.size() > MOST_CHANGES) {
            throw RdsErrors.invalid("Parameters must be %d to %d, not %d.", fewest, MOST_CHANGES, parameters.size());
        }
    }

    private static EngineParameter known(DBClusterParameterGroup group, Parameter parameter) {
        String family = group.dbParameterGroupFamily();
        return ParameterTable.of(family.substring(Engine.NAME.length()))
                .find(Objects.requireNonNullElse(parameter.parameterName(), ""))
                .orElseThrow(() -> RdsErrors.invalid(
                        "Could not find parameter with name: %s in family %s.", parameter.parameterName(), family));
    }

    private static boolean isImmediate(EngineParameter known, Parameter parameter) {
        if (parameter.applyMethod() == null || parameter.applyMethod() == ApplyMethod.UNKNOWN_TO_SDK_VERSION) {
            throw RdsErrors.invalid("ApplyMethod of %s must be immediate or pending-reboot.", known.name());
        }
        boolean immediate = parameter.applyMethod() == ApplyMethod.IMMEDIATE;
        if (immediate && known.isStatic()) {
            throw RdsErrors.combination(
                    "cannot use immediate apply method for static parameter %s; use pending-reboot.", known.name());
        }
        return immediate;
    }

    /** @param now what holds at once: values by name, null for what is set no more */
    private void put(
            Transaction tx,
            Stored<DBClusterParameterGroup> group,
            Map<String, String> values,
            Map<String, @Nullable String> now)
            throws SQLException {
        store.parameterGroups().update(tx, ParameterValues.with(group, values));
        for (Stored<DBCluster> cluster : groups.using(tx, group.scope(), group.name())) {
            SequencedMap<String, String> applied = ParameterValues.of(cluster);
            now.forEach((parameter, value) -> {
                if (value == null) {
                    applied.remove(parameter);
                } else {
                    applied.put(parameter, value);
                }
            });
            store.clusters().update(tx, ParameterValues.with(cluster, applied));
        }
    }
}
