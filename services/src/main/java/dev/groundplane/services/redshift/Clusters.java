package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.DatabasePrincipals;
import dev.groundplane.services.warehouse.RequestRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.DeleteClusterRequest;
import software.amazon.awssdk.services.redshift.model.DeleteClusterResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClustersRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClustersResponse;
import software.amazon.awssdk.services.redshift.model.PauseClusterRequest;
import software.amazon.awssdk.services.redshift.model.PauseClusterResponse;
import software.amazon.awssdk.services.redshift.model.RebootClusterRequest;
import software.amazon.awssdk.services.redshift.model.RebootClusterResponse;
import software.amazon.awssdk.services.redshift.model.ResizeClusterRequest;
import software.amazon.awssdk.services.redshift.model.ResizeClusterResponse;
import software.amazon.awssdk.services.redshift.model.ResumeClusterRequest;
import software.amazon.awssdk.services.redshift.model.ResumeClusterResponse;

/** Clusters that there are: what they are, and their ways from one state to another. */
final class Clusters {
    private static final int LOOK = 100;
    private static final Set<String> RESIZE =
            Set.of("ClusterIdentifier", "ClusterType", "NodeType", "NumberOfNodes", "Classic");

    private final ClusterStore store;
    private final ClusterSnapshots snapshots;
    private final DatabasePrincipals principals;
    private final String address;

    Clusters(ClusterStore store, ClusterSnapshots snapshots, DatabasePrincipals principals, String address) {
        this.store = store;
        this.snapshots = snapshots;
        this.principals = principals;
        this.address = address;
    }

    DescribeClustersResponse describe(Call call, DescribeClustersRequest request) {
        int size = ClusterRules.pageSize(request.maxRecords());
        if (request.clusterIdentifier() != null && !request.clusterIdentifier().isEmpty()) {
            String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
            return DescribeClustersResponse.builder()
                    .clusters(store.require(call.scope(), identifier))
                    .build();
        }
        List<Cluster> page = new ArrayList<>();
        String after = ClusterRules.after(request.marker());
        while (true) {
            var found = store.clusters().list(call.scope(), "", after, LOOK);
            for (Stored<Cluster> cluster : found.items()) {
                if (Tags.match(cluster.value().tags(), request.tagKeys(), request.tagValues())) {
                    if (page.size() == size) {
                        return DescribeClustersResponse.builder()
                                .clusters(page)
                                .marker(RequestRules.marker(page.getLast().clusterIdentifier()))
                                .build();
                    }
                    page.add(cluster.value());
                }
            }
            if (found.next().isEmpty()) {
                return DescribeClustersResponse.builder().clusters(page).build();
            }
            after = found.next().get();
        }
    }

    PauseClusterResponse pause(Call call, PauseClusterRequest request) {
        Cluster paused = begin(call, request.clusterIdentifier(), ClusterStatus.AVAILABLE, ClusterStatus.PAUSING);
        return PauseClusterResponse.builder().cluster(paused).build();
    }

    ResumeClusterResponse resume(Call call, ResumeClusterRequest request) {
        Cluster resumed = begin(call, request.clusterIdentifier(), ClusterStatus.PAUSED, ClusterStatus.RESUMING);
        return ResumeClusterResponse.builder().cluster(resumed).build();
    }

    RebootClusterResponse reboot(Call call, RebootClusterRequest request) {
        Cluster rebooted = begin(call, request.clusterIdentifier(), ClusterStatus.AVAILABLE, ClusterStatus.REBOOTING);
        return RebootClusterResponse.builder().cluster(rebooted).build();
    }

    ResizeClusterResponse resize(Call call, ResizeClusterRequest request) {
        RedshiftErrors.checkMembers(request, RESIZE);
        Cluster resized =
                begin(call, request.clusterIdentifier(), ClusterStatus.AVAILABLE, ClusterStatus.RESIZING, cluster -> {
                    Cluster.Builder changed = cluster.toBuilder();
                    ClusterCreation.sized(
                            changed,
                            ClusterSize.changed(
                                    cluster, request.nodeType(), request.clusterType(), request.numberOfNodes()),
                            address);
                    return changed.build();
                });
        return ResizeClusterResponse.builder().cluster(resized).build();
    }

    private Cluster begin(Call call, String identifier, ClusterStatus from, ClusterStatus to) {
        return begin(call, identifier, from, to, UnaryOperator.identity());
    }

    private Cluster begin(
            Call call, String identifier, ClusterStatus from, ClusterStatus to, UnaryOperator<Cluster> change) {
        String name = ClusterRules.identifier("ClusterIdentifier", identifier);
        return call.commit(tx -> {
            Stored<Cluster> stored = store.require(tx, call.scope(), name);
            from.require(stored.value());
            Cluster changed = to.on(change.apply(stored.value()).toBuilder()).build();
            store.clusters().update(tx, ClusterStore.again(stored.with(changed)));
            return changed;
        });
    }

    DeleteClusterResponse delete(Call call, DeleteClusterRequest request) {
        boolean skips = Boolean.TRUE.equals(request.skipFinalClusterSnapshot());
        boolean names = request.finalClusterSnapshotIdentifier() != null
                && !request.finalClusterSnapshotIdentifier().isEmpty();
        if (skips && names) {
            throw RedshiftErrors.combination(
                    "FinalClusterSnapshotIdentifier cannot be specified when SkipFinalClusterSnapshot is true.");
        }
        if (!skips && !names) {
            throw RedshiftErrors.combination(
                    "FinalClusterSnapshotIdentifier is required unless SkipFinalClusterSnapshot is specified.");
        }
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        return call.commit(tx -> {
            Stored<Cluster> stored = store.require(tx, call.scope(), identifier);
            // Also one that is on its way: its port may be another program's, and then it never arrives.
            ClusterStatus status = ClusterStatus.of(stored.value());
            if (status == ClusterStatus.DELETING) {
                throw RedshiftErrors.state(identifier, status.wire(), "in another state");
            }
            requireNothingRunning(tx, stored);
            if (names) {
                if (status == ClusterStatus.INCOMPATIBLE_RESTORE) {
                    throw RedshiftErrors.state(identifier, status.wire(), "whole for a final snapshot");
                }
                snapshots.last(
                        tx,
                        call,
                        stored.value(),
                        ClusterBackups.users(tx, principals, stored),
                        request.finalClusterSnapshotIdentifier(),
                        request.finalClusterSnapshotRetentionPeriod());
            }
            Cluster deleted = (names ? ClusterStatus.FINAL_SNAPSHOT : ClusterStatus.DELETING)
                    .on(stored.value().toBuilder())
                    .build();
            store.clusters().update(tx, stored.with(deleted));
            return DeleteClusterResponse.builder().cluster(deleted).build();
        });
    }

    /** In AWS's words, by which clients like Terraform know that they are to try again. */
    private void requireNothingRunning(Transaction tx, Stored<Cluster> cluster) throws SQLException {
        boolean copied = snapshots.isComing(tx, cluster.scope(), ClusterStore.namespaceId(cluster.value()));
        if (copied || ClusterRestoration.isUnderWay(cluster.value())) {
            throw RedshiftErrors.running(copied ? "a snapshot of it is made" : "it is restored");
        }
    }
}
