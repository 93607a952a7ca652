package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.warehouse.RequestRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSnapshotsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSnapshotsResponse;
import software.amazon.awssdk.services.redshift.model.Snapshot;

/** {@code DescribeClusterSnapshots}. */
final class SnapshotDescriptions {
    private static final int LOOK = 100;
    private static final Set<String> MEMBERS = Set.of(
            "ClusterIdentifier",
            "SnapshotIdentifier",
            "SnapshotArn",
            "SnapshotType",
            "StartTime",
            "EndTime",
            "MaxRecords",
            "Marker",
            "OwnerAccount",
            "TagKeys",
            "TagValues",
            "ClusterExists");

    private final ClusterStore clusters;
    private final ClusterSnapshotStore store;
    private final ClusterSnapshots snapshots;

    SnapshotDescriptions(ClusterStore clusters, ClusterSnapshotStore store, ClusterSnapshots snapshots) {
        this.clusters = clusters;
        this.store = store;
        this.snapshots = snapshots;
    }

    DescribeClusterSnapshotsResponse describe(Call call, DescribeClusterSnapshotsRequest request) {
        RedshiftErrors.checkMembers(request, MEMBERS);
        int size = ClusterRules.pageSize(request.maxRecords());
        Predicate<Stored<Snapshot>> wanted = wanted(call.scope(), request);
        Optional<String> name = name(call.scope(), request.snapshotIdentifier(), request.snapshotArn());
        if (name.isPresent()) {
            Stored<Snapshot> only = store.snapshots()
                    .find(call.scope(), name.get())
                    .filter(wanted)
                    .orElseThrow(() -> RedshiftErrors.noSnapshot(name.get()));
            return DescribeClusterSnapshotsResponse.builder()
                    .snapshots(snapshots.shown(only.value()))
                    .build();
        }
        List<Snapshot> page = new ArrayList<>();
        String after = ClusterRules.after(request.marker());
        while (true) {
            var found = store.snapshots().list(call.scope(), "", after, LOOK);
            for (Stored<Snapshot> snapshot : found.items()) {
                if (!wanted.test(snapshot)) {
                    continue;
                }
                if (page.size() == size) {
                    return DescribeClusterSnapshotsResponse.builder()
                            .snapshots(page)
                            .marker(RequestRules.marker(page.getLast().snapshotIdentifier()))
                            .build();
                }
                page.add(snapshots.shown(snapshot.value()));
            }
            if (found.next().isEmpty()) {
                return DescribeClusterSnapshotsResponse.builder()
                        .snapshots(page)
                        .build();
            }
            after = found.next().get();
        }
    }

    /** By its identifier or its ARN; empty when a request names none. */
    static Optional<String> name(Scope scope, @Nullable String identifier, @Nullable String arn) {
        if (identifier != null && !identifier.isEmpty()) {
            return Optional.of(ClusterRules.snapshot("SnapshotIdentifier", identifier));
        }
        if (arn == null) {
            return Optional.empty();
        }
        if (!arn.startsWith(scope.arn("redshift", "snapshot:"))) {
            throw RedshiftErrors.noSnapshot(arn);
        }
        return Optional.of(arn.substring(arn.lastIndexOf('/') + 1));
    }

    private Predicate<Stored<Snapshot>> wanted(Scope scope, DescribeClusterSnapshotsRequest request) {
        Predicate<Stored<Snapshot>> wanted =
                stored -> isWithin(stored.value().snapshotCreateTime(), request.startTime(), request.endTime())
                        && Tags.match(stored.value().tags(), request.tagKeys(), request.tagValues());
        if (request.clusterIdentifier() != null && !request.clusterIdentifier().isEmpty()) {
            String cluster = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
            wanted = wanted.and(stored -> stored.value().clusterIdentifier().equals(cluster));
        }
        if (request.snapshotType() != null) {
            wanted = wanted.and(stored -> stored.value().snapshotType().equals(request.snapshotType()));
        }
        if (request.ownerAccount() != null) {
            wanted = wanted.and(stored -> stored.value().ownerAccount().equals(request.ownerAccount()));
        }
        if (request.snapshotArn() != null) {
            wanted = wanted.and(stored -> stored.value().snapshotArn().equals(request.snapshotArn()));
        }
        if (request.clusterExists() != null) {
            Set<String> there = clusters.namespaceIds(scope).collect(Collectors.toUnmodifiableSet());
            wanted = wanted.and(stored ->
                    there.contains(stored.extra().get(ClusterSnapshotStore.NAMESPACE)) == request.clusterExists());
        }
        return wanted;
    }

    private static boolean isWithin(Instant time, @Nullable Instant start, @Nullable Instant end) {
        return (start == null || !time.isBefore(start)) && (end == null || !time.isAfter(end));
    }
}
