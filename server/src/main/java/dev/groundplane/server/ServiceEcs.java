package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ServiceCalls;
import java.util.function.Function;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.CreateClusterResponse;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionFamiliesResponse;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsRequest;
import software.amazon.awssdk.services.ecs.model.ListTaskDefinitionsResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/** ECS as a service calls it, on its own behalf, to run parts of itself. What changes nothing leaves no record. */
final class ServiceEcs implements EcsClient {
    private final ServiceCalls calls;
    private final Function<Call, EcsClient> ecs;
    private final String principal;
    private final Scope scope;

    /**
     * @param ecs ECS on behalf of one call
     * @param principal for example {@code redshift-serverless.amazonaws.com}
     */
    ServiceEcs(ServiceCalls calls, Function<Call, EcsClient> ecs, String principal, Scope scope) {
        this.calls = calls;
        this.ecs = ecs;
        this.principal = principal;
        this.scope = scope;
    }

    private EcsClient lookUp() {
        return ecs.apply(new InternalCall(Caller.service(scope.account(), principal), scope));
    }

    @Override
    public DescribeClustersResponse describeClusters(DescribeClustersRequest request) {
        return lookUp().describeClusters(request);
    }

    @Override
    public ListTasksResponse listTasks(ListTasksRequest request) {
        return lookUp().listTasks(request);
    }

    @Override
    public DescribeServicesResponse describeServices(DescribeServicesRequest request) {
        return lookUp().describeServices(request);
    }

    @Override
    public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
        return lookUp().describeTasks(request);
    }

    @Override
    public DescribeTaskDefinitionResponse describeTaskDefinition(DescribeTaskDefinitionRequest request) {
        return lookUp().describeTaskDefinition(request);
    }

    @Override
    public CreateClusterResponse createCluster(CreateClusterRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:CreateCluster",
                request,
                call -> ecs.apply(call).createCluster(request));
    }

    @Override
    public RegisterTaskDefinitionResponse registerTaskDefinition(RegisterTaskDefinitionRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:RegisterTaskDefinition",
                request,
                call -> ecs.apply(call).registerTaskDefinition(request));
    }

    @Override
    public ListTaskDefinitionsResponse listTaskDefinitions(ListTaskDefinitionsRequest request) {
        return lookUp().listTaskDefinitions(request);
    }

    @Override
    public ListTaskDefinitionFamiliesResponse listTaskDefinitionFamilies(ListTaskDefinitionFamiliesRequest request) {
        return lookUp().listTaskDefinitionFamilies(request);
    }

    @Override
    public DeregisterTaskDefinitionResponse deregisterTaskDefinition(DeregisterTaskDefinitionRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:DeregisterTaskDefinition",
                request,
                call -> ecs.apply(call).deregisterTaskDefinition(request));
    }

    @Override
    public RunTaskResponse runTask(RunTaskRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:RunTask",
                request,
                call -> ecs.apply(call).runTask(request));
    }

    @Override
    public StopTaskResponse stopTask(StopTaskRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:StopTask",
                request,
                call -> ecs.apply(call).stopTask(request));
    }

    @Override
    public CreateServiceResponse createService(CreateServiceRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:CreateService",
                request,
                call -> ecs.apply(call).createService(request));
    }

    @Override
    public UpdateServiceResponse updateService(UpdateServiceRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:UpdateService",
                request,
                call -> ecs.apply(call).updateService(request));
    }

    @Override
    public DeleteServiceResponse deleteService(DeleteServiceRequest request) {
        return calls.make(
                principal,
                scope,
                "ecs:DeleteService",
                request,
                call -> ecs.apply(call).deleteService(request));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
