package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateRoleResponse;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.CreateServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteRoleResponse;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleRequest;
import software.amazon.awssdk.services.iam.model.DeleteServiceLinkedRoleResponse;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.GetRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRoleRequest;
import software.amazon.awssdk.services.iam.model.GetRoleResponse;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusRequest;
import software.amazon.awssdk.services.iam.model.GetServiceLinkedRoleDeletionStatusResponse;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListRoleTagsRequest;
import software.amazon.awssdk.services.iam.model.ListRoleTagsResponse;
import software.amazon.awssdk.services.iam.model.ListRolesRequest;
import software.amazon.awssdk.services.iam.model.ListRolesResponse;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PutRolePermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.PutRolePermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.PutRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.PutRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagRoleRequest;
import software.amazon.awssdk.services.iam.model.TagRoleResponse;
import software.amazon.awssdk.services.iam.model.UntagRoleRequest;
import software.amazon.awssdk.services.iam.model.UntagRoleResponse;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAssumeRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleDescriptionResponse;
import software.amazon.awssdk.services.iam.model.UpdateRoleRequest;
import software.amazon.awssdk.services.iam.model.UpdateRoleResponse;

/** The part of {@link IamService} about: roles and their policies. */
abstract class RoleOperations extends PolicyOperations {
    RoleOperations(Call call, Iam iam) {
        super(call, iam);
    }

    @Override
    public CreateRoleResponse createRole(CreateRoleRequest request) {
        return iam.roles().create(call, request);
    }

    @Override
    public GetRoleResponse getRole(GetRoleRequest request) {
        return iam.roles().get(call, request);
    }

    @Override
    public ListRolesResponse listRoles(ListRolesRequest request) {
        return iam.roles().list(call, request);
    }

    @Override
    public UpdateRoleResponse updateRole(UpdateRoleRequest request) {
        return iam.roles().update(call, request);
    }

    @Override
    public UpdateRoleDescriptionResponse updateRoleDescription(UpdateRoleDescriptionRequest request) {
        return iam.roles().updateDescription(call, request);
    }

    @Override
    public UpdateAssumeRolePolicyResponse updateAssumeRolePolicy(UpdateAssumeRolePolicyRequest request) {
        return iam.roles().updateTrust(call, request);
    }

    @Override
    public DeleteRoleResponse deleteRole(DeleteRoleRequest request) {
        return iam.roles().delete(call, request);
    }

    @Override
    public CreateServiceLinkedRoleResponse createServiceLinkedRole(CreateServiceLinkedRoleRequest request) {
        return iam.serviceLinkedRoles().create(call, request);
    }

    @Override
    public DeleteServiceLinkedRoleResponse deleteServiceLinkedRole(DeleteServiceLinkedRoleRequest request) {
        return iam.serviceLinkedRoles().delete(call, request);
    }

    @Override
    public GetServiceLinkedRoleDeletionStatusResponse getServiceLinkedRoleDeletionStatus(
            GetServiceLinkedRoleDeletionStatusRequest request) {
        return iam.serviceLinkedRoles().status(call, request);
    }

    @Override
    public PutRolePolicyResponse putRolePolicy(PutRolePolicyRequest request) {
        return iam.inline()
                .put(
                        call,
                        EntityKind.ROLE,
                        request.roleName(),
                        request.policyName(),
                        request.policyDocument(),
                        PutRolePolicyResponse.builder().build());
    }

    @Override
    public GetRolePolicyResponse getRolePolicy(GetRolePolicyRequest request) {
        PolicyDetail policy = iam.inline().get(call, EntityKind.ROLE, request.roleName(), request.policyName());
        return GetRolePolicyResponse.builder()
                .roleName(request.roleName())
                .policyName(policy.policyName())
                .policyDocument(policy.policyDocument())
                .build();
    }

    @Override
    public DeleteRolePolicyResponse deleteRolePolicy(DeleteRolePolicyRequest request) {
        return iam.inline()
                .delete(
                        call,
                        EntityKind.ROLE,
                        request.roleName(),
                        request.policyName(),
                        DeleteRolePolicyResponse.builder().build());
    }

    @Override
    public ListRolePoliciesResponse listRolePolicies(ListRolePoliciesRequest request) {
        Listing<String> page =
                iam.inline().list(call, EntityKind.ROLE, request.roleName(), request.marker(), request.maxItems());
        return ListRolePoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    @Override
    public AttachRolePolicyResponse attachRolePolicy(AttachRolePolicyRequest request) {
        return iam.attachments()
                .attach(
                        call,
                        EntityKind.ROLE,
                        request.roleName(),
                        request.policyArn(),
                        AttachRolePolicyResponse.builder().build());
    }

    @Override
    public DetachRolePolicyResponse detachRolePolicy(DetachRolePolicyRequest request) {
        return iam.attachments()
                .detach(
                        call,
                        EntityKind.ROLE,
                        request.roleName(),
                        request.policyArn(),
                        DetachRolePolicyResponse.builder().build());
    }

    @Override
    public ListAttachedRolePoliciesResponse listAttachedRolePolicies(ListAttachedRolePoliciesRequest request) {
        Listing<AttachedPolicy> page = iam.attachments()
                .list(
                        call,
                        EntityKind.ROLE,
                        request.roleName(),
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        return ListAttachedRolePoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    @Override
    public PutRolePermissionsBoundaryResponse putRolePermissionsBoundary(PutRolePermissionsBoundaryRequest request) {
        return iam.boundaries()
                .ofRole(
                        call,
                        request.roleName(),
                        Members.required("permissionsBoundary", request.permissionsBoundary()),
                        PutRolePermissionsBoundaryResponse.builder().build());
    }

    @Override
    public DeleteRolePermissionsBoundaryResponse deleteRolePermissionsBoundary(
            DeleteRolePermissionsBoundaryRequest request) {
        return iam.boundaries()
                .ofRole(
                        call,
                        request.roleName(),
                        null,
                        DeleteRolePermissionsBoundaryResponse.builder().build());
    }

    @Override
    public TagRoleResponse tagRole(TagRoleRequest request) {
        return iam.tags()
                .ofRole(
                        call,
                        request.roleName(),
                        tags -> TagList.merged(tags, request.tags()),
                        TagRoleResponse.builder().build());
    }

    @Override
    public UntagRoleResponse untagRole(UntagRoleRequest request) {
        return iam.tags()
                .ofRole(
                        call,
                        request.roleName(),
                        tags -> TagList.without(tags, request.tagKeys()),
                        UntagRoleResponse.builder().build());
    }

    @Override
    public ListRoleTagsResponse listRoleTags(ListRoleTagsRequest request) {
        Listing<Tag> page =
                iam.tags().list(call, EntityKind.ROLE, request.roleName(), request.marker(), request.maxItems());
        return ListRoleTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }
}
