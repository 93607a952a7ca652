package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.RebootDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.RebootDbInstanceResponse;
import software.amazon.awssdk.services.rds.model.StartDbClusterResponse;
import software.amazon.awssdk.services.rds.model.StopDbClusterResponse;

/** Starting, stopping and rebooting. With a start, all parameters of the cluster's group hold. */
final class ClusterPower {
    private final RdsStore store;
    private final ParameterGroups groups;

    ClusterPower(RdsStore store, ParameterGroups groups) {
        this.store = store;
        this.groups = groups;
    }

    StopDbClusterResponse stop(Call call, @Nullable String given) {
        DBCluster stopping = turn(call, given, Status.AVAILABLE, Status.STOPPING);
        return StopDbClusterResponse.builder().dbCluster(stopping).build();
    }

    StartDbClusterResponse start(Call call, @Nullable String given) {
        DBCluster starting = turn(call, given, Status.STOPPED, Status.STARTING);
        return StartDbClusterResponse.builder().dbCluster(starting).build();
    }

    private DBCluster turn(Call call, @Nullable String given, Status from, Status to) {
        String identifier = Clusters.identifier(call.scope(), given);
        return call.commit(tx -> {
            Stored<DBCluster> stored = store.requireCluster(tx, call.scope(), identifier);
            from.require(stored.value());
            Optional<Stored<DBInstance>> writer = store.writer(tx, call.scope(), identifier);
            if (writer.isEmpty() && to == Status.STOPPING) {
                throw RdsErrors.clusterState(
                        "DB cluster %s has no instance that could be stopped.".formatted(identifier));
            }
            if (writer.isPresent()) {
                DBInstance member = writer.get().value();
                from.require(member);
                DBInstance turning =
                        member.toBuilder().dbInstanceStatus(to.wire()).build();
                store.instances().update(tx, writer.get().with(turning));
            }
            DBCluster turned = stored.value().toBuilder().status(to.wire()).build();
            Stored<DBCluster> changed = RdsStore.again(stored.with(turned));
            if (to == Status.STARTING) {
                changed = ParameterValues.with(
                        changed,
                        groups.values(tx, call.scope(), turned.dbClusterParameterGroup(), turned.engineVersion()));
            }
            return ClusterView.of(store, tx, store.clusters().update(tx, changed));
        });
    }

    RebootDbInstanceResponse reboot(Call call, RebootDbInstanceRequest request) {
        String identifier = Instances.identifier(call.scope(), request.dbInstanceIdentifier());
        if (Boolean.TRUE.equals(request.forceFailover())) {
            throw RdsErrors.combination(
                    "ForceFailover cannot be specified: DB instance %s is its cluster's only one.", identifier);
        }
        return call.commit(tx -> {
            Stored<DBInstance> stored = store.requireInstance(tx, call.scope(), identifier);
            Status.AVAILABLE.require(stored.value());
            Stored<DBCluster> cluster =
                    store.requireCluster(tx, call.scope(), stored.value().dbClusterIdentifier());
            Status.AVAILABLE.require(cluster.value());
            DBInstance rebooting = stored.value().toBuilder()
                    .dbInstanceStatus(Status.REBOOTING.wire())
                    .build();
            store.instances().update(tx, stored.with(rebooting));
            store.clusters()
                    .update(
                            tx,
                            ParameterValues.with(
                                    RdsStore.again(cluster),
                                    groups.values(
                                            tx,
                                            call.scope(),
                                            cluster.value().dbClusterParameterGroup(),
                                            cluster.value().engineVersion())));
            return RebootDbInstanceResponse.builder().dbInstance(rebooting).build();
        });
    }
}
