package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.services.ManagedPasswords;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.time.InstantSource;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshift.model.CreateClusterRequest;
import software.amazon.awssdk.services.redshift.model.CreateClusterResponse;
import software.amazon.awssdk.services.redshift.model.CreateClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.CreateClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.CreateIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.CreateIntegrationResponse;
import software.amazon.awssdk.services.redshift.model.CreateTagsRequest;
import software.amazon.awssdk.services.redshift.model.CreateTagsResponse;
import software.amazon.awssdk.services.redshift.model.DeleteClusterRequest;
import software.amazon.awssdk.services.redshift.model.DeleteClusterResponse;
import software.amazon.awssdk.services.redshift.model.DeleteClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.DeleteClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.DeleteIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.DeleteIntegrationResponse;
import software.amazon.awssdk.services.redshift.model.DeleteTagsRequest;
import software.amazon.awssdk.services.redshift.model.DeleteTagsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParameterGroupsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParameterGroupsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParametersRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterParametersResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSnapshotsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSnapshotsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSubnetGroupsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterSubnetGroupsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClusterVersionsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClusterVersionsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeClustersRequest;
import software.amazon.awssdk.services.redshift.model.DescribeClustersResponse;
import software.amazon.awssdk.services.redshift.model.DescribeInboundIntegrationsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeInboundIntegrationsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeIntegrationsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeLoggingStatusRequest;
import software.amazon.awssdk.services.redshift.model.DescribeLoggingStatusResponse;
import software.amazon.awssdk.services.redshift.model.DescribeOrderableClusterOptionsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeOrderableClusterOptionsResponse;
import software.amazon.awssdk.services.redshift.model.DescribeTagsRequest;
import software.amazon.awssdk.services.redshift.model.DescribeTagsResponse;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsResponse;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamResponse;
import software.amazon.awssdk.services.redshift.model.ModifyClusterIamRolesRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterIamRolesResponse;
import software.amazon.awssdk.services.redshift.model.ModifyClusterRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterResponse;
import software.amazon.awssdk.services.redshift.model.ModifyClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.ModifyIntegrationRequest;
import software.amazon.awssdk.services.redshift.model.ModifyIntegrationResponse;
import software.amazon.awssdk.services.redshift.model.PauseClusterRequest;
import software.amazon.awssdk.services.redshift.model.PauseClusterResponse;
import software.amazon.awssdk.services.redshift.model.RebootClusterRequest;
import software.amazon.awssdk.services.redshift.model.RebootClusterResponse;
import software.amazon.awssdk.services.redshift.model.ResizeClusterRequest;
import software.amazon.awssdk.services.redshift.model.ResizeClusterResponse;
import software.amazon.awssdk.services.redshift.model.RestoreFromClusterSnapshotRequest;
import software.amazon.awssdk.services.redshift.model.RestoreFromClusterSnapshotResponse;
import software.amazon.awssdk.services.redshift.model.ResumeClusterRequest;
import software.amazon.awssdk.services.redshift.model.ResumeClusterResponse;

/**
 * Redshift's provisioned clusters for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/redshift/latest/APIReference/Welcome.html">API reference</a>. An operation that changes
 * something may be called once.
 */
public final class RedshiftService implements RedshiftClient {
    private final Call call;
    private final ClusterStore store;
    private final ClusterCreation creation;
    private final ClusterRestoration restoration;
    private final ClusterSnapshots snapshots;
    private final SnapshotDescriptions descriptions;
    private final Clusters clusters;
    private final ClusterModification modification;
    private final ClusterRoles roles;
    private final ClusterCredentials credentials;
    private final EventIntegrations integrations;
    private final Tags tags;

    RedshiftService(
            Call call,
            ClusterStore store,
            ClusterSnapshotStore snapshotStore,
            WarehouseFoundation foundation,
            ClusterRoles roles,
            ManagedPasswords managed,
            EventIntegrationStore integrationStore,
            EventIntegrations integrations,
            String address,
            InstantSource clock) {
        this.call = call;
        this.store = store;
        this.creation = new ClusterCreation(store, foundation.ports(), roles, managed, address, clock);
        this.restoration = new ClusterRestoration(creation, snapshotStore);
        this.snapshots = new ClusterSnapshots(store, snapshotStore, clock);
        this.descriptions = new SnapshotDescriptions(store, snapshotStore, snapshots);
        this.clusters = new Clusters(store, snapshots, foundation.principals(), address);
        this.modification = new ClusterModification(store, foundation.ports(), address);
        this.roles = roles;
        this.credentials = new ClusterCredentials(store, foundation, clock);
        this.integrations = integrations;
        this.tags = new Tags(store, snapshotStore, integrationStore);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest request) {
        return creation.create(call, request);
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return clusters.describe(call, request);
    }

    @Override
    public ModifyClusterResponse modifyCluster(ModifyClusterRequest request) {
        return modification.modify(call, request);
    }

    @Override
    public ModifyClusterIamRolesResponse modifyClusterIamRoles(ModifyClusterIamRolesRequest request) {
        return roles.modify(call, request);
    }

    @Override
    public DeleteClusterResponse deleteCluster(DeleteClusterRequest request) {
        return clusters.delete(call, request);
    }

    @Override
    public RebootClusterResponse rebootCluster(RebootClusterRequest request) {
        return clusters.reboot(call, request);
    }

    @Override
    public PauseClusterResponse pauseCluster(PauseClusterRequest request) {
        return clusters.pause(call, request);
    }

    @Override
    public ResumeClusterResponse resumeCluster(ResumeClusterRequest request) {
        return clusters.resume(call, request);
    }

    @Override
    public ResizeClusterResponse resizeCluster(ResizeClusterRequest request) {
        return clusters.resize(call, request);
    }

    @Override
    public CreateClusterSnapshotResponse createClusterSnapshot(CreateClusterSnapshotRequest request) {
        return snapshots.create(call, request);
    }

    @Override
    public DescribeClusterSnapshotsResponse describeClusterSnapshots(DescribeClusterSnapshotsRequest request) {
        return descriptions.describe(call, request);
    }

    @Override
    public ModifyClusterSnapshotResponse modifyClusterSnapshot(ModifyClusterSnapshotRequest request) {
        return snapshots.modify(call, request);
    }

    @Override
    public DeleteClusterSnapshotResponse deleteClusterSnapshot(DeleteClusterSnapshotRequest request) {
        return snapshots.delete(call, request);
    }

    @Override
    public RestoreFromClusterSnapshotResponse restoreFromClusterSnapshot(RestoreFromClusterSnapshotRequest request) {
        return restoration.restore(call, request);
    }

    @Override
    public GetClusterCredentialsResponse getClusterCredentials(GetClusterCredentialsRequest request) {
        return credentials.byName(call, request);
    }

    @Override
    public GetClusterCredentialsWithIamResponse getClusterCredentialsWithIAM(
            GetClusterCredentialsWithIamRequest request) {
        return credentials.byIdentity(call, request);
    }

    @Override
    public CreateIntegrationResponse createIntegration(CreateIntegrationRequest request) {
        return integrations.create(call, request);
    }

    @Override
    public DescribeIntegrationsResponse describeIntegrations(DescribeIntegrationsRequest request) {
        return integrations.describe(call, request);
    }

    @Override
    public DescribeInboundIntegrationsResponse describeInboundIntegrations(DescribeInboundIntegrationsRequest request) {
        return integrations.describeInbound(call, request);
    }

    @Override
    public ModifyIntegrationResponse modifyIntegration(ModifyIntegrationRequest request) {
        return integrations.modify(call, request);
    }

    @Override
    public DeleteIntegrationResponse deleteIntegration(DeleteIntegrationRequest request) {
        return integrations.delete(call, request);
    }

    @Override
    public CreateTagsResponse createTags(CreateTagsRequest request) {
        return tags.create(call, request);
    }

    @Override
    public DeleteTagsResponse deleteTags(DeleteTagsRequest request) {
        return tags.delete(call, request);
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest request) {
        return tags.describe(call, request);
    }

    @Override
    public DescribeClusterParameterGroupsResponse describeClusterParameterGroups(
            DescribeClusterParameterGroupsRequest request) {
        return Catalog.parameterGroups(request);
    }

    @Override
    public DescribeClusterParametersResponse describeClusterParameters(DescribeClusterParametersRequest request) {
        return Catalog.parameters(request);
    }

    @Override
    public DescribeClusterSubnetGroupsResponse describeClusterSubnetGroups(DescribeClusterSubnetGroupsRequest request) {
        return Catalog.subnetGroups(request);
    }

    @Override
    public DescribeClusterVersionsResponse describeClusterVersions(DescribeClusterVersionsRequest request) {
        return Catalog.versions(request);
    }

    @Override
    public DescribeOrderableClusterOptionsResponse describeOrderableClusterOptions(
            DescribeOrderableClusterOptionsRequest request) {
        return Catalog.orderable(call, request);
    }

    /** There is no audit logging to S3 or CloudWatch: the control plane's trail and the worker's log have what there is. */
    @Override
    public DescribeLoggingStatusResponse describeLoggingStatus(DescribeLoggingStatusRequest request) {
        store.require(call.scope(), ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier()));
        return DescribeLoggingStatusResponse.builder().loggingEnabled(false).build();
    }
}
