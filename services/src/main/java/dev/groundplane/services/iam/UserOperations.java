package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.iam.model.AttachUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.AttachUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.CreateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.CreateUserRequest;
import software.amazon.awssdk.services.iam.model.CreateUserResponse;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.DeleteAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserPermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserPermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.DeleteUserRequest;
import software.amazon.awssdk.services.iam.model.DeleteUserResponse;
import software.amazon.awssdk.services.iam.model.DetachUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.DetachUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedRequest;
import software.amazon.awssdk.services.iam.model.GetAccessKeyLastUsedResponse;
import software.amazon.awssdk.services.iam.model.GetUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.GetUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.GetUserRequest;
import software.amazon.awssdk.services.iam.model.GetUserResponse;
import software.amazon.awssdk.services.iam.model.ListAccessKeysRequest;
import software.amazon.awssdk.services.iam.model.ListAccessKeysResponse;
import software.amazon.awssdk.services.iam.model.ListAttachedUserPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListAttachedUserPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListUserPoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListUserPoliciesResponse;
import software.amazon.awssdk.services.iam.model.ListUserTagsRequest;
import software.amazon.awssdk.services.iam.model.ListUserTagsResponse;
import software.amazon.awssdk.services.iam.model.ListUsersRequest;
import software.amazon.awssdk.services.iam.model.ListUsersResponse;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PutUserPermissionsBoundaryRequest;
import software.amazon.awssdk.services.iam.model.PutUserPermissionsBoundaryResponse;
import software.amazon.awssdk.services.iam.model.PutUserPolicyRequest;
import software.amazon.awssdk.services.iam.model.PutUserPolicyResponse;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.TagUserRequest;
import software.amazon.awssdk.services.iam.model.TagUserResponse;
import software.amazon.awssdk.services.iam.model.UntagUserRequest;
import software.amazon.awssdk.services.iam.model.UntagUserResponse;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyRequest;
import software.amazon.awssdk.services.iam.model.UpdateAccessKeyResponse;
import software.amazon.awssdk.services.iam.model.UpdateUserRequest;
import software.amazon.awssdk.services.iam.model.UpdateUserResponse;

/** The part of {@link IamService} about: users, their access keys and policies. */
abstract class UserOperations extends GroupOperations {
    UserOperations(Call call, Iam iam) {
        super(call, iam);
    }

    @Override
    public CreateUserResponse createUser(CreateUserRequest request) {
        return iam.users().create(call, request);
    }

    @Override
    public GetUserResponse getUser(GetUserRequest request) {
        return iam.users().get(call, request);
    }

    @Override
    public ListUsersResponse listUsers(ListUsersRequest request) {
        return iam.users().list(call, request);
    }

    @Override
    public UpdateUserResponse updateUser(UpdateUserRequest request) {
        return iam.users().update(call, request);
    }

    @Override
    public DeleteUserResponse deleteUser(DeleteUserRequest request) {
        return iam.users().delete(call, request);
    }

    @Override
    public CreateAccessKeyResponse createAccessKey(CreateAccessKeyRequest request) {
        return iam.userKeys().create(call, request);
    }

    @Override
    public ListAccessKeysResponse listAccessKeys(ListAccessKeysRequest request) {
        return iam.userKeys().list(call, request);
    }

    @Override
    public UpdateAccessKeyResponse updateAccessKey(UpdateAccessKeyRequest request) {
        return iam.userKeys().update(call, request);
    }

    @Override
    public DeleteAccessKeyResponse deleteAccessKey(DeleteAccessKeyRequest request) {
        return iam.userKeys().delete(call, request);
    }

    @Override
    public GetAccessKeyLastUsedResponse getAccessKeyLastUsed(GetAccessKeyLastUsedRequest request) {
        return iam.userKeys().lastUsed(call, request);
    }

    @Override
    public PutUserPolicyResponse putUserPolicy(PutUserPolicyRequest request) {
        return iam.inline()
                .put(
                        call,
                        EntityKind.USER,
                        request.userName(),
                        request.policyName(),
                        request.policyDocument(),
                        PutUserPolicyResponse.builder().build());
    }

    @Override
    public GetUserPolicyResponse getUserPolicy(GetUserPolicyRequest request) {
        PolicyDetail policy = iam.inline().get(call, EntityKind.USER, request.userName(), request.policyName());
        return GetUserPolicyResponse.builder()
                .userName(request.userName())
                .policyName(policy.policyName())
                .policyDocument(policy.policyDocument())
                .build();
    }

    @Override
    public DeleteUserPolicyResponse deleteUserPolicy(DeleteUserPolicyRequest request) {
        return iam.inline()
                .delete(
                        call,
                        EntityKind.USER,
                        request.userName(),
                        request.policyName(),
                        DeleteUserPolicyResponse.builder().build());
    }

    @Override
    public ListUserPoliciesResponse listUserPolicies(ListUserPoliciesRequest request) {
        Listing<String> page =
                iam.inline().list(call, EntityKind.USER, request.userName(), request.marker(), request.maxItems());
        return ListUserPoliciesResponse.builder()
                .policyNames(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    @Override
    public AttachUserPolicyResponse attachUserPolicy(AttachUserPolicyRequest request) {
        return iam.attachments()
                .attach(
                        call,
                        EntityKind.USER,
                        request.userName(),
                        request.policyArn(),
                        AttachUserPolicyResponse.builder().build());
    }

    @Override
    public DetachUserPolicyResponse detachUserPolicy(DetachUserPolicyRequest request) {
        return iam.attachments()
                .detach(
                        call,
                        EntityKind.USER,
                        request.userName(),
                        request.policyArn(),
                        DetachUserPolicyResponse.builder().build());
    }

    @Override
    public ListAttachedUserPoliciesResponse listAttachedUserPolicies(ListAttachedUserPoliciesRequest request) {
        Listing<AttachedPolicy> page = iam.attachments()
                .list(
                        call,
                        EntityKind.USER,
                        request.userName(),
                        request.pathPrefix(),
                        request.marker(),
                        request.maxItems());
        return ListAttachedUserPoliciesResponse.builder()
                .attachedPolicies(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    @Override
    public PutUserPermissionsBoundaryResponse putUserPermissionsBoundary(PutUserPermissionsBoundaryRequest request) {
        return iam.boundaries()
                .ofUser(
                        call,
                        request.userName(),
                        Members.required("permissionsBoundary", request.permissionsBoundary()),
                        PutUserPermissionsBoundaryResponse.builder().build());
    }

    @Override
    public DeleteUserPermissionsBoundaryResponse deleteUserPermissionsBoundary(
            DeleteUserPermissionsBoundaryRequest request) {
        return iam.boundaries()
                .ofUser(
                        call,
                        request.userName(),
                        null,
                        DeleteUserPermissionsBoundaryResponse.builder().build());
    }

    @Override
    public TagUserResponse tagUser(TagUserRequest request) {
        return iam.tags()
                .ofUser(
                        call,
                        request.userName(),
                        tags -> TagList.merged(tags, request.tags()),
                        TagUserResponse.builder().build());
    }

    @Override
    public UntagUserResponse untagUser(UntagUserRequest request) {
        return iam.tags()
                .ofUser(
                        call,
                        request.userName(),
                        tags -> TagList.without(tags, request.tagKeys()),
                        UntagUserResponse.builder().build());
    }

    @Override
    public ListUserTagsResponse listUserTags(ListUserTagsRequest request) {
        Listing<Tag> page =
                iam.tags().list(call, EntityKind.USER, request.userName(), request.marker(), request.maxItems());
        return ListUserTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }
}
