package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.DeleteRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.GetRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.GetRolePolicyResponse;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesRequest;
import software.amazon.awssdk.services.iam.model.ListRolePoliciesResponse;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PutRolePolicyRequest;
import software.amazon.awssdk.services.iam.model.PutRolePolicyResponse;

/** The inline policies of roles. A change holds for every session of the role from the next call on. */
final class RolePolicies {
    /** All inline policies of a role together, without white space as AWS counts. */
    private static final int MAX_CHARACTERS = 10_240;

    private final RoleStore store;

    RolePolicies(RoleStore store) {
        this.store = store;
    }

    PutRolePolicyResponse put(Call call, PutRolePolicyRequest request) {
        String role = Members.roleName(request.roleName());
        String name = Members.policyName(request.policyName());
        BuiltInRole.refuseChange(role);
        String document = Members.required("policyDocument", request.policyDocument());
        try {
            Policy.parse(document);
        } catch (MalformedPolicyException e) {
            throw IamErrors.malformed(String.valueOf(e.getMessage()));
        }
        PolicyDetail policy =
                PolicyDetail.builder().policyName(name).policyDocument(document).build();
        return call.commit(tx -> {
            String account = call.scope().account();
            Scope scope = RoleStore.scope(account);
            store.require(tx, account, role);
            int others = store.policies().list(tx, scope, RoleStore.key(role) + "/", "", Resources.ALL).items().stream()
                    .map(Stored::value)
                    .filter(other -> !other.policyName().equals(name))
                    .mapToInt(other -> size(other.policyDocument()))
                    .sum();
            if (others + size(document) > MAX_CHARACTERS) {
                throw IamErrors.limitExceeded("InlinePolicySizePerRole", MAX_CHARACTERS);
            }
            String key = RoleStore.key(role, name);
            Optional<Stored<PolicyDetail>> known = store.policies().find(tx, scope, key);
            if (known.isPresent()) {
                store.policies().update(tx, known.get().with(policy));
            } else {
                store.policies().insert(tx, scope, key, policy, Map.of());
            }
            return PutRolePolicyResponse.builder().build();
        });
    }

    private static int size(String document) {
        return document.replaceAll("\\s", "").length();
    }

    GetRolePolicyResponse get(Call call, GetRolePolicyRequest request) {
        String role = requireRole(call, request.roleName());
        String name = Members.policyName(request.policyName());
        PolicyDetail policy = store.policies()
                .find(RoleStore.scope(call.scope().account()), RoleStore.key(role, name))
                .orElseThrow(() -> IamErrors.noSuchPolicy(name))
                .value();
        return GetRolePolicyResponse.builder()
                .roleName(role)
                .policyName(name)
                .policyDocument(Roles.encoded(policy.policyDocument()))
                .build();
    }

    DeleteRolePolicyResponse delete(Call call, DeleteRolePolicyRequest request) {
        String role = Members.roleName(request.roleName());
        String name = Members.policyName(request.policyName());
        BuiltInRole.refuseChange(role);
        return call.commit(tx -> {
            String account = call.scope().account();
            store.require(tx, account, role);
            Stored<PolicyDetail> policy = store.policies()
                    .find(tx, RoleStore.scope(account), RoleStore.key(role, name))
                    .orElseThrow(() -> IamErrors.noSuchPolicy(name));
            store.policies().delete(tx, policy);
            return DeleteRolePolicyResponse.builder().build();
        });
    }

    ListRolePoliciesResponse list(Call call, ListRolePoliciesRequest request) {
        String role = requireRole(call, request.roleName());
        Page<PolicyDetail> page = store.policies()
                .list(
                        RoleStore.scope(call.scope().account()),
                        RoleStore.key(role) + "/",
                        Objects.requireNonNullElse(request.marker(), ""),
                        Members.maxItems(request.maxItems()));
        return ListRolePoliciesResponse.builder()
                .policyNames(page.items().stream()
                        .map(stored -> stored.value().policyName())
                        .toList())
                .isTruncated(page.next().isPresent())
                .marker(page.next().orElse(null))
                .build();
    }

    private String requireRole(Call call, String roleName) {
        String name = Members.roleName(roleName);
        return store.find(call.scope().account(), name)
                .orElseThrow(() -> IamErrors.noSuchRole(name))
                .roleName();
    }
}
