package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.time.InstantSource;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.ConvertRecoveryPointToSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ConvertRecoveryPointToSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.CreateNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateNamespaceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.CreateSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.CreateUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.CreateWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.CreateWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteNamespaceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.DeleteWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetNamespaceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetRecoveryPointRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetRecoveryPointResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.GetWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetWorkgroupResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListNamespacesRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListNamespacesResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListRecoveryPointsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListRecoveryPointsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListSnapshotsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListSnapshotsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListUsageLimitsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListUsageLimitsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.ListWorkgroupsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.ListWorkgroupsResponse;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromRecoveryPointRequest;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromRecoveryPointResponse;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.RestoreFromSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.TagResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.TagResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UntagResourceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UntagResourceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateNamespaceRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateNamespaceResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateSnapshotRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateSnapshotResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateUsageLimitRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateUsageLimitResponse;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateWorkgroupRequest;
import software.amazon.awssdk.services.redshiftserverless.model.UpdateWorkgroupResponse;

/**
 * Redshift Serverless for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/Welcome.html">API reference</a>. An operation that
 * changes something may be called once.
 */
public final class RedshiftServerlessService implements RedshiftServerlessClient {
    private final Call call;
    private final Namespaces namespaces;
    private final Workgroups workgroups;
    private final Credentials credentials;
    private final UsageLimits limits;
    private final Tags tags;
    private final Snapshots snapshots;
    private final RecoveryPoints points;
    private final Restores restores;

    RedshiftServerlessService(
            Call call,
            RedshiftStore store,
            WarehouseFoundation foundation,
            Credentials credentials,
            AttachedRoles roles,
            UsageLimits limits,
            SnapshotStore backups,
            String address,
            InstantSource clock) {
        this.call = call;
        this.snapshots = new Snapshots(store, backups, clock);
        this.points = new RecoveryPoints(store, backups, snapshots, clock);
        this.restores = new Restores(store, backups, snapshots, points);
        this.namespaces = new Namespaces(store, foundation.principals(), roles, snapshots, points, clock);
        this.workgroups = new Workgroups(store, foundation.ports(), limits, address, clock);
        this.credentials = credentials;
        this.limits = limits;
        this.tags = new Tags(store, backups);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    @Override
    public CreateNamespaceResponse createNamespace(CreateNamespaceRequest request) {
        return namespaces.create(call, request);
    }

    @Override
    public GetNamespaceResponse getNamespace(GetNamespaceRequest request) {
        return namespaces.get(call, request);
    }

    @Override
    public ListNamespacesResponse listNamespaces(ListNamespacesRequest request) {
        return namespaces.list(call, request);
    }

    @Override
    public UpdateNamespaceResponse updateNamespace(UpdateNamespaceRequest request) {
        return namespaces.update(call, request);
    }

    @Override
    public DeleteNamespaceResponse deleteNamespace(DeleteNamespaceRequest request) {
        return namespaces.delete(call, request);
    }

    @Override
    public CreateWorkgroupResponse createWorkgroup(CreateWorkgroupRequest request) {
        return workgroups.create(call, request);
    }

    @Override
    public GetWorkgroupResponse getWorkgroup(GetWorkgroupRequest request) {
        return workgroups.get(call, request);
    }

    @Override
    public ListWorkgroupsResponse listWorkgroups(ListWorkgroupsRequest request) {
        return workgroups.list(call, request);
    }

    @Override
    public UpdateWorkgroupResponse updateWorkgroup(UpdateWorkgroupRequest request) {
        return workgroups.update(call, request);
    }

    @Override
    public DeleteWorkgroupResponse deleteWorkgroup(DeleteWorkgroupRequest request) {
        return workgroups.delete(call, request);
    }

    @Override
    public GetCredentialsResponse getCredentials(GetCredentialsRequest request) {
        return credentials.give(call, request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return tags.tag(call, request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return tags.untag(call, request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return tags.list(call, request);
    }

    @Override
    public CreateUsageLimitResponse createUsageLimit(CreateUsageLimitRequest request) {
        return limits.create(call, request);
    }

    @Override
    public GetUsageLimitResponse getUsageLimit(GetUsageLimitRequest request) {
        return limits.get(call, request);
    }

    @Override
    public ListUsageLimitsResponse listUsageLimits(ListUsageLimitsRequest request) {
        return limits.list(call, request);
    }

    @Override
    public UpdateUsageLimitResponse updateUsageLimit(UpdateUsageLimitRequest request) {
        return limits.update(call, request);
    }

    @Override
    public DeleteUsageLimitResponse deleteUsageLimit(DeleteUsageLimitRequest request) {
        return limits.delete(call, request);
    }

    @Override
    public CreateSnapshotResponse createSnapshot(CreateSnapshotRequest request) {
        return snapshots.create(call, request);
    }

    @Override
    public GetSnapshotResponse getSnapshot(GetSnapshotRequest request) {
        return snapshots.get(call, request);
    }

    @Override
    public ListSnapshotsResponse listSnapshots(ListSnapshotsRequest request) {
        return snapshots.list(call, request);
    }

    @Override
    public UpdateSnapshotResponse updateSnapshot(UpdateSnapshotRequest request) {
        return snapshots.update(call, request);
    }

    @Override
    public DeleteSnapshotResponse deleteSnapshot(DeleteSnapshotRequest request) {
        return snapshots.delete(call, request);
    }

    @Override
    public RestoreFromSnapshotResponse restoreFromSnapshot(RestoreFromSnapshotRequest request) {
        return restores.fromSnapshot(call, request);
    }

    @Override
    public GetRecoveryPointResponse getRecoveryPoint(GetRecoveryPointRequest request) {
        return points.get(call, request);
    }

    @Override
    public ListRecoveryPointsResponse listRecoveryPoints(ListRecoveryPointsRequest request) {
        return points.list(call, request);
    }

    @Override
    public ConvertRecoveryPointToSnapshotResponse convertRecoveryPointToSnapshot(
            ConvertRecoveryPointToSnapshotRequest request) {
        return points.convert(call, request);
    }

    @Override
    public RestoreFromRecoveryPointResponse restoreFromRecoveryPoint(RestoreFromRecoveryPointRequest request) {
        return restores.fromRecoveryPoint(call, request);
    }
}
