package dev.groundplane.services.ssm;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CreateActivationRequest;
import software.amazon.awssdk.services.ssm.model.CreateActivationResponse;
import software.amazon.awssdk.services.ssm.model.DeleteActivationRequest;
import software.amazon.awssdk.services.ssm.model.DeleteActivationResponse;
import software.amazon.awssdk.services.ssm.model.DeregisterManagedInstanceRequest;
import software.amazon.awssdk.services.ssm.model.DeregisterManagedInstanceResponse;
import software.amazon.awssdk.services.ssm.model.DescribeActivationsRequest;
import software.amazon.awssdk.services.ssm.model.DescribeActivationsResponse;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationRequest;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationResponse;
import software.amazon.awssdk.services.ssm.model.UpdateManagedInstanceRoleRequest;
import software.amazon.awssdk.services.ssm.model.UpdateManagedInstanceRoleResponse;

/** Systems Manager on behalf of one call. Source: AWS Systems Manager API Reference. */
public final class SsmService implements SsmClient {
    private final Call call;
    private final Ssm ssm;

    SsmService(Call call, Ssm ssm) {
        this.call = call;
        this.ssm = ssm;
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
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
