package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsRequest;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsResponse;
import software.amazon.awssdk.services.iam.model.GetAccountSummaryResponse;
import software.amazon.awssdk.services.iam.model.Group;
import software.amazon.awssdk.services.iam.model.GroupDetail;
import software.amazon.awssdk.services.iam.model.ManagedPolicyDetail;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.PolicyVersion;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.iam.model.UserDetail;

/** What an account has, all at once: for auditors. */
final class AccountDetails {
    private final IdentityStore store;
    private final AccountAliases aliases;
    private final OidcProviders providers;
    private final InstanceProfiles profiles;
    private final AccessKeys keys;
    private final ManagedPolicies policies;
    private final PolicyVersions versions;

    AccountDetails(
            IdentityStore store,
            AccountAliases aliases,
            OidcProviders providers,
            InstanceProfiles profiles,
            AccessKeys keys,
            ManagedPolicies policies,
            PolicyVersions versions) {
        this.store = store;
        this.aliases = aliases;
        this.providers = providers;
        this.profiles = profiles;
        this.keys = keys;
        this.policies = policies;
        this.versions = versions;
    }

    GetAccountAuthorizationDetailsResponse all(Call call, GetAccountAuthorizationDetailsRequest request) {
        String account = call.scope().account();
        List<EntityType> filter = request.filter();
        List<SdkPojo> found = new ArrayList<>();
        if (wants(filter, EntityType.USER)) {
            users(account).forEach(user -> found.add(detail(account, user)));
        }
        if (wants(filter, EntityType.GROUP)) {
            groups(account).forEach(group -> found.add(detail(account, group)));
        }
        if (wants(filter, EntityType.ROLE)) {
            roles(account).forEach(role -> found.add(detail(account, role)));
        }
        if (wants(filter, EntityType.LOCAL_MANAGED_POLICY)) {
            own(account).forEach(policy -> found.add(detail(account, policy)));
        }
        if (wants(filter, EntityType.AWS_MANAGED_POLICY)) {
            AwsManagedPolicies.all().forEach(known -> found.add(detail(account, known.policy())));
        }
        Listing<SdkPojo> page = Listing.of(found, request.marker(), request.maxItems());
        return GetAccountAuthorizationDetailsResponse.builder()
                .userDetailList(of(page, UserDetail.class))
                .groupDetailList(of(page, GroupDetail.class))
                .roleDetailList(of(page, RoleDetail.class))
                .policies(of(page, ManagedPolicyDetail.class))
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private static boolean wants(List<EntityType> filter, EntityType type) {
        return filter.isEmpty() || filter.contains(type);
    }

    private static <T> List<T> of(Listing<SdkPojo> page, Class<T> type) {
        return page.items().stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static <T> List<T> values(Resources<T> resources, String account) {
        return resources.list(new Scope(account, ""), "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    private List<User> users(String account) {
        return values(store.users(), account);
    }

    private List<Group> groups(String account) {
        return values(store.groups(), account);
    }

    private List<Role> roles(String account) {
        return values(store.roles(), account);
    }

    private List<Policy> own(String account) {
        return values(store.policies(), account);
    }

    private List<PolicyDetail> inline(String account, Entity entity) {
        return store.inlinePolicies(account, entity).stream()
                .map(policy -> policy.toBuilder()
                        .policyDocument(Documents.encoded(policy.policyDocument()))
                        .build())
                .toList();
    }

    private UserDetail detail(String account, User user) {
        Entity entity = Entity.of(user);
        return UserDetail.builder()
                .path(user.path())
                .userName(user.userName())
                .userId(user.userId())
                .arn(user.arn())
                .createDate(user.createDate())
                .userPolicyList(inline(account, entity))
                .groupList(store.groupsOf(account, user.userId()).stream()
                        .map(Group::groupName)
                        .toList())
                .attachedManagedPolicies(store.attached(account, entity))
                .permissionsBoundary(user.permissionsBoundary())
                .tags(user.tags())
                .build();
    }

    private GroupDetail detail(String account, Group group) {
        Entity entity = Entity.of(group);
        return GroupDetail.builder()
                .path(group.path())
                .groupName(group.groupName())
                .groupId(group.groupId())
                .arn(group.arn())
                .createDate(group.createDate())
                .groupPolicyList(inline(account, entity))
                .attachedManagedPolicies(store.attached(account, entity))
                .build();
    }

    private RoleDetail detail(String account, Role role) {
        Entity entity = Entity.of(role);
        return RoleDetail.builder()
                .path(role.path())
                .roleName(role.roleName())
                .roleId(role.roleId())
                .arn(role.arn())
                .createDate(role.createDate())
                .assumeRolePolicyDocument(Documents.encoded(role.assumeRolePolicyDocument()))
                .rolePolicyList(inline(account, entity))
                .instanceProfileList(profiles.ofRole(account, entity.key()))
                .attachedManagedPolicies(store.attached(account, entity))
                .permissionsBoundary(role.permissionsBoundary())
                .tags(role.tags())
                .build();
    }

    private ManagedPolicyDetail detail(String account, Policy policy) {
        Policy counted = policies.counted(account, policy);
        List<PolicyVersion> all = versions.all(account, policy).stream()
                .map(version -> version.toBuilder()
                        .document(Documents.encoded(version.document()))
                        .build())
                .toList();
        return ManagedPolicyDetail.builder()
                .policyName(policy.policyName())
                .policyId(policy.policyId())
                .arn(policy.arn())
                .path(policy.path())
                .defaultVersionId(policy.defaultVersionId())
                .attachmentCount(counted.attachmentCount())
                .permissionsBoundaryUsageCount(counted.permissionsBoundaryUsageCount())
                .isAttachable(true)
                .description(policy.description())
                .createDate(policy.createDate())
                .updateDate(policy.updateDate())
                .policyVersionList(all)
                .build();
    }

    GetAccountSummaryResponse summary(Call call) {
        String account = call.scope().account();
        List<User> users = users(account);
        List<Policy> own = own(account);
        Map<SummaryKeyType, Integer> map = new LinkedHashMap<>();
        map.put(SummaryKeyType.USERS, users.size());
        map.put(SummaryKeyType.USERS_QUOTA, 5_000);
        map.put(SummaryKeyType.GROUPS, groups(account).size());
        map.put(SummaryKeyType.GROUPS_QUOTA, 300);
        map.put(SummaryKeyType.ACCESS_KEYS_PER_USER_QUOTA, 2);
        map.put(SummaryKeyType.GROUPS_PER_USER_QUOTA, 10);
        map.put(SummaryKeyType.ACCOUNT_MFA_ENABLED, 0);
        map.put(SummaryKeyType.MFA_DEVICES, 0);
        map.put(SummaryKeyType.ACCOUNT_ACCESS_KEYS_PRESENT, keys.hasRootKey(account) ? 1 : 0);
        map.put(SummaryKeyType.POLICIES, own.size());
        map.put(SummaryKeyType.POLICIES_QUOTA, 1_500);
        map.put(SummaryKeyType.POLICY_SIZE_QUOTA, ManagedPolicies.MAX_CHARACTERS);
        map.put(SummaryKeyType.POLICY_VERSIONS_IN_USE, own.size());
        map.put(SummaryKeyType.VERSIONS_PER_POLICY_QUOTA, 5);
        map.put(SummaryKeyType.USER_POLICY_SIZE_QUOTA, EntityKind.USER.inlineCharacters());
        map.put(SummaryKeyType.GROUP_POLICY_SIZE_QUOTA, EntityKind.GROUP.inlineCharacters());
        Map<String, Integer> named = new LinkedHashMap<>();
        map.forEach((key, value) -> named.put(key.toString(), value));
        // The SDK's enumeration has no name for these.
        named.put("Roles", roles(account).size());
        named.put("RolesQuota", 1_000);
        named.put("RolePolicySizeQuota", EntityKind.ROLE.inlineCharacters());
        named.put("InstanceProfiles", profiles.count(account));
        named.put("InstanceProfilesQuota", InstanceProfiles.MOST);
        named.put("Providers", providers.count(account));
        named.put("AccountAliases", aliases.of(account).isPresent() ? 1 : 0);
        return GetAccountSummaryResponse.builder().summaryMapWithStrings(named).build();
    }
}
