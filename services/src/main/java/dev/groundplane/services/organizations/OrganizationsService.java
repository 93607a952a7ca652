package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.organizations.model.AttachPolicyRequest;
import software.amazon.awssdk.services.organizations.model.AttachPolicyResponse;
import software.amazon.awssdk.services.organizations.model.CloseAccountRequest;
import software.amazon.awssdk.services.organizations.model.CloseAccountResponse;
import software.amazon.awssdk.services.organizations.model.CreateAccountRequest;
import software.amazon.awssdk.services.organizations.model.CreateAccountResponse;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationRequest;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationResponse;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.CreateOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.CreatePolicyRequest;
import software.amazon.awssdk.services.organizations.model.CreatePolicyResponse;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationRequest;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationResponse;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.DeleteOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DeletePolicyRequest;
import software.amazon.awssdk.services.organizations.model.DeletePolicyResponse;
import software.amazon.awssdk.services.organizations.model.DescribeAccountRequest;
import software.amazon.awssdk.services.organizations.model.DescribeAccountResponse;
import software.amazon.awssdk.services.organizations.model.DescribeCreateAccountStatusRequest;
import software.amazon.awssdk.services.organizations.model.DescribeCreateAccountStatusResponse;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationRequest;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationResponse;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.DescribeOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.DescribePolicyRequest;
import software.amazon.awssdk.services.organizations.model.DescribePolicyResponse;
import software.amazon.awssdk.services.organizations.model.DetachPolicyRequest;
import software.amazon.awssdk.services.organizations.model.DetachPolicyResponse;
import software.amazon.awssdk.services.organizations.model.DisablePolicyTypeRequest;
import software.amazon.awssdk.services.organizations.model.DisablePolicyTypeResponse;
import software.amazon.awssdk.services.organizations.model.EnablePolicyTypeRequest;
import software.amazon.awssdk.services.organizations.model.EnablePolicyTypeResponse;
import software.amazon.awssdk.services.organizations.model.ListAccountsForParentRequest;
import software.amazon.awssdk.services.organizations.model.ListAccountsForParentResponse;
import software.amazon.awssdk.services.organizations.model.ListAccountsRequest;
import software.amazon.awssdk.services.organizations.model.ListAccountsResponse;
import software.amazon.awssdk.services.organizations.model.ListChildrenRequest;
import software.amazon.awssdk.services.organizations.model.ListChildrenResponse;
import software.amazon.awssdk.services.organizations.model.ListCreateAccountStatusRequest;
import software.amazon.awssdk.services.organizations.model.ListCreateAccountStatusResponse;
import software.amazon.awssdk.services.organizations.model.ListOrganizationalUnitsForParentRequest;
import software.amazon.awssdk.services.organizations.model.ListOrganizationalUnitsForParentResponse;
import software.amazon.awssdk.services.organizations.model.ListParentsRequest;
import software.amazon.awssdk.services.organizations.model.ListParentsResponse;
import software.amazon.awssdk.services.organizations.model.ListPoliciesForTargetRequest;
import software.amazon.awssdk.services.organizations.model.ListPoliciesForTargetResponse;
import software.amazon.awssdk.services.organizations.model.ListPoliciesRequest;
import software.amazon.awssdk.services.organizations.model.ListPoliciesResponse;
import software.amazon.awssdk.services.organizations.model.ListRootsRequest;
import software.amazon.awssdk.services.organizations.model.ListRootsResponse;
import software.amazon.awssdk.services.organizations.model.ListTargetsForPolicyRequest;
import software.amazon.awssdk.services.organizations.model.ListTargetsForPolicyResponse;
import software.amazon.awssdk.services.organizations.model.MoveAccountRequest;
import software.amazon.awssdk.services.organizations.model.MoveAccountResponse;
import software.amazon.awssdk.services.organizations.model.UpdateOrganizationalUnitRequest;
import software.amazon.awssdk.services.organizations.model.UpdateOrganizationalUnitResponse;
import software.amazon.awssdk.services.organizations.model.UpdatePolicyRequest;
import software.amazon.awssdk.services.organizations.model.UpdatePolicyResponse;

/**
 * Organizations on behalf of one call. Shapes and errors are those of the AWS Organizations API Reference. An operation that
 * changes something may be called once.
 */
public final class OrganizationsService implements OrganizationsClient {
    private final Call call;
    private final Organizations service;

    OrganizationsService(Call call, Organizations service) {
        this.call = call;
        this.service = service;
    }

    @Override
    public DescribeOrganizationResponse describeOrganization(DescribeOrganizationRequest request) {
        return DescribeOrganizationResponse.builder()
                .organization(service.tree().of(call))
                .build();
    }

    @Override
    public DeleteOrganizationResponse deleteOrganization(DeleteOrganizationRequest request) {
        return service.tree().delete(call);
    }

    @Override
    public ListRootsResponse listRoots(ListRootsRequest request) {
        return ListRootsResponse.builder()
                .roots(service.store().root(service.tree().managed(call).id()).value())
                .build();
    }

    @Override
    public CreateOrganizationResponse createOrganization(CreateOrganizationRequest request) {
        return service.tree().create(call, request);
    }

    @Override
    public EnablePolicyTypeResponse enablePolicyType(EnablePolicyTypeRequest request) {
        return service.policyTypes().enable(call, request);
    }

    @Override
    public DisablePolicyTypeResponse disablePolicyType(DisablePolicyTypeRequest request) {
        return service.policyTypes().disable(call, request);
    }

    @Override
    public CreateOrganizationalUnitResponse createOrganizationalUnit(CreateOrganizationalUnitRequest request) {
        return service.units().create(call, request);
    }

    @Override
    public DescribeOrganizationalUnitResponse describeOrganizationalUnit(DescribeOrganizationalUnitRequest request) {
        return service.units().describe(call, request);
    }

    @Override
    public UpdateOrganizationalUnitResponse updateOrganizationalUnit(UpdateOrganizationalUnitRequest request) {
        return service.units().update(call, request);
    }

    @Override
    public DeleteOrganizationalUnitResponse deleteOrganizationalUnit(DeleteOrganizationalUnitRequest request) {
        return service.units().delete(call, request);
    }

    @Override
    public ListOrganizationalUnitsForParentResponse listOrganizationalUnitsForParent(
            ListOrganizationalUnitsForParentRequest request) {
        return service.units().list(call, request);
    }

    @Override
    public ListChildrenResponse listChildren(ListChildrenRequest request) {
        return service.units().children(call, request);
    }

    @Override
    public ListParentsResponse listParents(ListParentsRequest request) {
        return service.units().parents(call, request);
    }

    @Override
    public CreateAccountResponse createAccount(CreateAccountRequest request) {
        return service.accounts().create(call, request);
    }

    @Override
    public DescribeCreateAccountStatusResponse describeCreateAccountStatus(DescribeCreateAccountStatusRequest request) {
        return service.accounts().status(call, request);
    }

    @Override
    public ListCreateAccountStatusResponse listCreateAccountStatus(ListCreateAccountStatusRequest request) {
        return service.accounts().statuses(call, request);
    }

    @Override
    public ListAccountsResponse listAccounts(ListAccountsRequest request) {
        return service.accounts().list(call, request);
    }

    @Override
    public ListAccountsForParentResponse listAccountsForParent(ListAccountsForParentRequest request) {
        return service.accounts().ofParent(call, request);
    }

    @Override
    public DescribeAccountResponse describeAccount(DescribeAccountRequest request) {
        return service.accounts().describe(call, request);
    }

    @Override
    public MoveAccountResponse moveAccount(MoveAccountRequest request) {
        return service.accounts().move(call, request);
    }

    @Override
    public CloseAccountResponse closeAccount(CloseAccountRequest request) {
        return service.accounts().close(call, request);
    }

    @Override
    public CreatePolicyResponse createPolicy(CreatePolicyRequest request) {
        return service.policies().create(call, request);
    }

    @Override
    public UpdatePolicyResponse updatePolicy(UpdatePolicyRequest request) {
        return service.policies().update(call, request);
    }

    @Override
    public DeletePolicyResponse deletePolicy(DeletePolicyRequest request) {
        return service.policies().delete(call, request);
    }

    @Override
    public DescribePolicyResponse describePolicy(DescribePolicyRequest request) {
        return service.policies().describe(call, request);
    }

    @Override
    public ListPoliciesResponse listPolicies(ListPoliciesRequest request) {
        return service.policies().list(call, request);
    }

    @Override
    public AttachPolicyResponse attachPolicy(AttachPolicyRequest request) {
        return service.policies().attach(call, request);
    }

    @Override
    public DetachPolicyResponse detachPolicy(DetachPolicyRequest request) {
        return service.policies().detach(call, request);
    }

    @Override
    public ListPoliciesForTargetResponse listPoliciesForTarget(ListPoliciesForTargetRequest request) {
        return service.policies().ofTarget(call, request);
    }

    @Override
    public ListTargetsForPolicyResponse listTargetsForPolicy(ListTargetsForPolicyRequest request) {
        return service.policies().targets(call, request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}
}
