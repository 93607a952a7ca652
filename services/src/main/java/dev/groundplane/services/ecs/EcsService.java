package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import java.util.Objects;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesRequest;
import software.amazon.awssdk.services.ecs.model.DeleteAttributesResponse;
import software.amazon.awssdk.services.ecs.model.DeleteClusterRequest;
import software.amazon.awssdk.services.ecs.model.DeleteClusterResponse;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointRequest;
import software.amazon.awssdk.services.ecs.model.DiscoverPollEndpointResponse;
import software.amazon.awssdk.services.ecs.model.ListAttributesRequest;
import software.amazon.awssdk.services.ecs.model.ListAttributesResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesRequest;
import software.amazon.awssdk.services.ecs.model.ListContainerInstancesResponse;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ecs.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.PutAttributesRequest;
import software.amazon.awssdk.services.ecs.model.PutAttributesResponse;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceRequest;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.SortOrder;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeRequest;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeResponse;
import software.amazon.awssdk.services.ecs.model.TagResourceRequest;
import software.amazon.awssdk.services.ecs.model.TagResourceResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionFamilyStatus;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;
import software.amazon.awssdk.services.ecs.model.UntagResourceRequest;
import software.amazon.awssdk.services.ecs.model.UntagResourceResponse;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateRequest;
import software.amazon.awssdk.services.ecs.model.UpdateContainerInstancesStateResponse;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/** ECS for one call. Source: Amazon ECS API Reference; errors and their wording are ECS's. */
public final class EcsService implements EcsClient {
    private final Call call;
    private final Ecs ecs;

    EcsService(Call call, Ecs ecs) {
        this.call = call;
        this.ecs = ecs;
    }

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest request) {
        SupportedFields.check(request, SupportedFields.CREATE_CLUSTER);
        return ecs.clusters().create(call, request);
    }

    @Override
    public DeleteClusterResponse deleteCluster(DeleteClusterRequest request) {
        return ecs.clusters().delete(call, request);
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return ecs.clusters().describe(call.scope(), request);
    }

    @Override
    public ListClustersResponse listClusters(ListClustersRequest request) {
        return ecs.clusters().list(call.scope(), request);
    }

    @Override
    public RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest request) {
        return ecs.definitions().register(call, request);
    }

    @Override
    public DeregisterTaskDefinitionResponse deregisterTaskDefinition(DeregisterTaskDefinitionRequest request) {
        return ecs.definitions().deregister(call, request);
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest request) {
        return ecs.definitions().describe(call.scope(), request);
    }

    @Override
    public ListTaskDefinitionsResponse listTaskDefinitions(ListTaskDefinitionsRequest request) {
        Page<TaskDefinition> page = ecs.definitions()
                .list(
                        call.scope(),
                        Objects.requireNonNullElse(request.familyPrefix(), ""),
                        Objects.requireNonNullElse(request.status(), TaskDefinitionStatus.ACTIVE),
                        request.sort() == SortOrder.DESC,
                        Limits.after(request.nextToken()),
                        Limits.pageSize(request.maxResults()));
        return ListTaskDefinitionsResponse.builder()
                .taskDefinitionArns(page.items().stream()
                        .map(s -> s.value().taskDefinitionArn())
                        .toList())
                .nextToken(Limits.token(page.next()))
                .build();
    }

    @Override
    public ListTaskDefinitionFamiliesResponse listTaskDefinitionFamilies(ListTaskDefinitionFamiliesRequest request) {
        TaskDefinitionFamilyStatus status =
                Objects.requireNonNullElse(request.status(), TaskDefinitionFamilyStatus.ACTIVE);
        Page<TaskDefinitionFamily> page = ecs.definitions()
                .families(
                        call.scope(),
                        Objects.requireNonNullElse(request.familyPrefix(), ""),
                        status == TaskDefinitionFamilyStatus.ALL
                                ? null
                                : TaskDefinitionStatus.fromValue(status.toString()),
                        Limits.after(request.nextToken()),
                        Limits.pageSize(request.maxResults()));
        return ListTaskDefinitionFamiliesResponse.builder()
                .families(page.items().stream().map(Stored::name).toList())
                .nextToken(Limits.token(page.next()))
                .build();
    }

    @Override
    public RunTaskResponse runTask(RunTaskRequest request) {
        return ecs.launcher().run(call, request);
    }

    @Override
    public StartTaskResponse startTask(StartTaskRequest request) {
        return ecs.launcher().start(call, request);
    }

    @Override
    public StopTaskResponse stopTask(StopTaskRequest request) {
        return ecs.tasks().stop(call, request);
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        return ecs.tasks().describe(call.scope(), request);
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        return ecs.tasks().list(call.scope(), request);
    }

    @Override
    public CreateServiceResponse createService(CreateServiceRequest request) {
        return ecs.services().create(call, request);
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        return ecs.services().update(call, request);
    }

    @Override
    public DeleteServiceResponse deleteService(DeleteServiceRequest request) {
        return ecs.services().delete(call, request);
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        return ecs.services().describe(call.scope(), request);
    }

    @Override
    public ListServicesResponse listServices(ListServicesRequest request) {
        return ecs.services().list(call.scope(), request);
    }

    @Override
    public RegisterContainerInstanceResponse registerContainerInstance(RegisterContainerInstanceRequest request) {
        return ecs.instances().register(call, request);
    }

    @Override
    public DeregisterContainerInstanceResponse deregisterContainerInstance(DeregisterContainerInstanceRequest request) {
        return ecs.instances().deregister(call, request);
    }

    @Override
    public ListContainerInstancesResponse listContainerInstances(ListContainerInstancesRequest request) {
        return ecs.instances().list(call.scope(), request);
    }

    @Override
    public DescribeContainerInstancesResponse describeContainerInstances(DescribeContainerInstancesRequest request) {
        return ecs.instances().describe(call.scope(), request);
    }

    @Override
    public UpdateContainerInstancesStateResponse updateContainerInstancesState(
            UpdateContainerInstancesStateRequest request) {
        return ecs.instanceStates().update(call, request);
    }

    @Override
    public PutAttributesResponse putAttributes(PutAttributesRequest request) {
        return ecs.attributes().put(call, request);
    }

    @Override
    public DeleteAttributesResponse deleteAttributes(DeleteAttributesRequest request) {
        return ecs.attributes().delete(call, request);
    }

    @Override
    public ListAttributesResponse listAttributes(ListAttributesRequest request) {
        return ecs.attributes().list(call.scope(), request);
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return ecs.tags().tag(call, request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return ecs.tags().untag(call, request);
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        return ecs.tags().list(call.scope(), request);
    }

    /** Agents connect where they reached the control plane with this call; there is no telemetry endpoint. */
    @Override
    public DiscoverPollEndpointResponse discoverPollEndpoint(DiscoverPollEndpointRequest request) {
        return DiscoverPollEndpointResponse.builder()
                .endpoint(call.reachedAt().orElse(ecs.endpoint()))
                .build();
    }

    @Override
    public SubmitTaskStateChangeResponse submitTaskStateChange(SubmitTaskStateChangeRequest request) {
        return ecs.reports().submit(call, request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
