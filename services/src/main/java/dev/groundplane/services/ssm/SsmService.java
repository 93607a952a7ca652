package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.AddTagsToResourceRequest;
import software.amazon.awssdk.services.ssm.model.AddTagsToResourceResponse;
import software.amazon.awssdk.services.ssm.model.CreateActivationRequest;
import software.amazon.awssdk.services.ssm.model.CreateActivationResponse;
import software.amazon.awssdk.services.ssm.model.DeleteActivationRequest;
import software.amazon.awssdk.services.ssm.model.DeleteActivationResponse;
import software.amazon.awssdk.services.ssm.model.DeleteParameterRequest;
import software.amazon.awssdk.services.ssm.model.DeleteParameterResponse;
import software.amazon.awssdk.services.ssm.model.DeleteParametersRequest;
import software.amazon.awssdk.services.ssm.model.DeleteParametersResponse;
import software.amazon.awssdk.services.ssm.model.DeregisterManagedInstanceRequest;
import software.amazon.awssdk.services.ssm.model.DeregisterManagedInstanceResponse;
import software.amazon.awssdk.services.ssm.model.DescribeActivationsRequest;
import software.amazon.awssdk.services.ssm.model.DescribeActivationsResponse;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationRequest;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationResponse;
import software.amazon.awssdk.services.ssm.model.DescribeParametersRequest;
import software.amazon.awssdk.services.ssm.model.DescribeParametersResponse;
import software.amazon.awssdk.services.ssm.model.GetParameterHistoryRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterHistoryResponse;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersByPathResponse;
import software.amazon.awssdk.services.ssm.model.GetParametersRequest;
import software.amazon.awssdk.services.ssm.model.GetParametersResponse;
import software.amazon.awssdk.services.ssm.model.InvalidResourceTypeException;
import software.amazon.awssdk.services.ssm.model.LabelParameterVersionRequest;
import software.amazon.awssdk.services.ssm.model.LabelParameterVersionResponse;
import software.amazon.awssdk.services.ssm.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.ssm.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.ssm.model.PutParameterRequest;
import software.amazon.awssdk.services.ssm.model.PutParameterResponse;
import software.amazon.awssdk.services.ssm.model.RemoveTagsFromResourceRequest;
import software.amazon.awssdk.services.ssm.model.RemoveTagsFromResourceResponse;
import software.amazon.awssdk.services.ssm.model.ResourceTypeForTagging;
import software.amazon.awssdk.services.ssm.model.UnlabelParameterVersionRequest;
import software.amazon.awssdk.services.ssm.model.UnlabelParameterVersionResponse;
import software.amazon.awssdk.services.ssm.model.UpdateManagedInstanceRoleRequest;
import software.amazon.awssdk.services.ssm.model.UpdateManagedInstanceRoleResponse;

/** Systems Manager on behalf of one call. Source: AWS Systems Manager API Reference. */
public final class SsmService implements SsmClient {
    private final Call call;
    private final Ssm ssm;
    private final ParameterWrites writes;
    private final ParameterReads reads;
    private final ParameterListing listing;
    private final ParameterLabels labels;
    private final ParameterTags tags;

    SsmService(Call call, Ssm ssm) {
        this.call = call;
        this.ssm = ssm;
        ParameterStore store = ssm.parameters();
        this.writes = new ParameterWrites(store, ssm.clock());
        this.reads = new ParameterReads(store, call.scope());
        this.listing = new ParameterListing(store, call.scope(), reads);
        this.labels = new ParameterLabels(store);
        this.tags = new ParameterTags(store);
    }

    @Override
    public CreateActivationResponse createActivation(CreateActivationRequest request) {
        return ssm.activations().create(call, request);
    }

    @Override
    public DescribeActivationsResponse describeActivations(DescribeActivationsRequest request) {
        return ssm.activations().describe(call.scope(), request);
    }

    @Override
    public DeleteActivationResponse deleteActivation(DeleteActivationRequest request) {
        return ssm.activations().delete(call, request);
    }

    @Override
    public DescribeInstanceInformationResponse describeInstanceInformation(DescribeInstanceInformationRequest request) {
        return ssm.instances().describe(call.scope(), request);
    }

    @Override
    public DeregisterManagedInstanceResponse deregisterManagedInstance(DeregisterManagedInstanceRequest request) {
        return ssm.instances().deregister(call, request);
    }

    @Override
    public UpdateManagedInstanceRoleResponse updateManagedInstanceRole(UpdateManagedInstanceRoleRequest request) {
        return ssm.instances().updateRole(call, request);
    }

    @Override
    public PutParameterResponse putParameter(PutParameterRequest request) {
        return writes.put(call, request);
    }

    @Override
    public GetParameterResponse getParameter(GetParameterRequest request) {
        return reads.get(request);
    }

    @Override
    public GetParametersResponse getParameters(GetParametersRequest request) {
        return reads.get(request);
    }

    @Override
    public GetParametersByPathResponse getParametersByPath(GetParametersByPathRequest request) {
        return listing.byPath(request);
    }

    @Override
    public GetParameterHistoryResponse getParameterHistory(GetParameterHistoryRequest request) {
        return reads.history(request);
    }

    @Override
    public DescribeParametersResponse describeParameters(DescribeParametersRequest request) {
        return listing.describe(request);
    }

    @Override
    public DeleteParameterResponse deleteParameter(DeleteParameterRequest request) {
        return writes.delete(call, request.name());
    }

    @Override
    public DeleteParametersResponse deleteParameters(DeleteParametersRequest request) {
        return writes.delete(call, request.names());
    }

    @Override
    public LabelParameterVersionResponse labelParameterVersion(LabelParameterVersionRequest request) {
        return labels.label(call, request);
    }

    @Override
    public UnlabelParameterVersionResponse unlabelParameterVersion(UnlabelParameterVersionRequest request) {
        return labels.unlabel(call, request);
    }

    @Override
    public AddTagsToResourceResponse addTagsToResource(AddTagsToResourceRequest request) {
        onlyParameters(request.resourceType(), request.resourceTypeAsString());
        ParameterTags.check(request.tags());
        return call.commit(tx -> {
            tags.add(tx, call, request.resourceId(), request.tags());
            return AddTagsToResourceResponse.builder().build();
        });
    }

    @Override
    public RemoveTagsFromResourceResponse removeTagsFromResource(RemoveTagsFromResourceRequest request) {
        onlyParameters(request.resourceType(), request.resourceTypeAsString());
        return call.commit(tx -> {
            tags.remove(tx, call, request.resourceId(), request.tagKeys());
            return RemoveTagsFromResourceResponse.builder().build();
        });
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest request) {
        onlyParameters(request.resourceType(), request.resourceTypeAsString());
        return ListTagsForResourceResponse.builder()
                .tagList(tags.list(call, request.resourceId()))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    private static void onlyParameters(@Nullable ResourceTypeForTagging type, @Nullable String text) {
        if (type != ResourceTypeForTagging.PARAMETER) {
            throw InvalidResourceTypeException.builder()
                    .message("Tags of the resource type %s are not implemented by Groundplane; only Parameter's are."
                            .formatted(text))
                    .build();
        }
    }
}
