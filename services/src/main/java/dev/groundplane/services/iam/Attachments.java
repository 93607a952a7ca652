package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.ListEntitiesForPolicyRequest;
import software.amazon.awssdk.services.iam.model.ListEntitiesForPolicyResponse;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyGroup;
import software.amazon.awssdk.services.iam.model.PolicyRole;
import software.amazon.awssdk.services.iam.model.PolicyUsageType;
import software.amazon.awssdk.services.iam.model.PolicyUser;

/** Which managed policies are attached to whom. Attaching and detaching again changes nothing, as on AWS. */
final class Attachments {
    private static final int MOST = 10;

    private final IdentityStore store;
    private final ManagedPolicyTexts managed;

    Attachments(IdentityStore store, ManagedPolicyTexts managed) {
        this.store = store;
        this.managed = managed;
    }

    <R> R attach(Call call, EntityKind kind, @Nullable String entityName, @Nullable String policyArn, R response) {
        String owner = Members.name(kind, entityName);
        String arn = Members.arn("policyArn", policyArn);
        BuiltInRole.refuseChange(kind, owner);
        String account = call.scope().account();
        Policy policy = managed.find(account, arn)
                .orElseThrow(() -> IamErrors.noSuch("Policy %s does not exist or is not attachable.".formatted(arn)));
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(account);
            Entity entity = store.require(tx, kind, account, owner);
            ServiceLinkedRoles.refuseChange(entity);
            if (!AwsManagedPolicies.isOne(arn)
                    && store.policies()
                            .find(tx, scope, IdentityStore.key(policy.policyName()))
                            .isEmpty()) {
                throw IamErrors.noSuchPolicy(arn); // deleted a moment ago
            }
            String prefix = IdentityStore.attachmentPrefix(entity);
            if (store.attachments().find(tx, scope, prefix + arn).isPresent()) {
                return response;
            }
            if (store.attachments().list(tx, scope, prefix, "", MOST).items().size() >= MOST) {
                throw IamErrors.limitExceeded("PoliciesPer" + capitalized(kind), MOST);
            }
            AttachedPolicy attached = AttachedPolicy.builder()
                    .policyName(policy.policyName())
                    .policyArn(arn)
                    .build();
            store.attachments().insert(tx, scope, prefix + arn, attached, Map.of());
            return response;
        });
    }

    private static String capitalized(EntityKind kind) {
        return Character.toUpperCase(kind.word().charAt(0)) + kind.word().substring(1);
    }

    <R> R detach(Call call, EntityKind kind, @Nullable String entityName, @Nullable String policyArn, R response) {
        String owner = Members.name(kind, entityName);
        String arn = Members.arn("policyArn", policyArn);
        BuiltInRole.refuseChange(kind, owner);
        return call.commit(tx -> {
            String account = call.scope().account();
            Entity entity = store.require(tx, kind, account, owner);
            ServiceLinkedRoles.refuseChange(entity);
            Stored<AttachedPolicy> attached = store.attachments()
                    .find(tx, IdentityStore.scope(account), IdentityStore.attachmentPrefix(entity) + arn)
                    .orElseThrow(() -> IamErrors.noSuchPolicy(arn));
            store.attachments().delete(tx, attached);
            return response;
        });
    }

    Listing<AttachedPolicy> list(
            Call call,
            EntityKind kind,
            @Nullable String entityName,
            @Nullable String pathPrefix,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        String account = call.scope().account();
        Entity entity = store.require(kind, account, Members.name(kind, entityName));
        String path = Objects.requireNonNullElse(pathPrefix, "/");
        return Listing.of(
                store.attachments(),
                IdentityStore.scope(account),
                IdentityStore.attachmentPrefix(entity),
                marker,
                maxItems,
                policy -> policy.policyArn()
                        .substring(policy.policyArn().indexOf(":policy/") + ":policy".length())
                        .startsWith(path));
    }

    /** How often a policy is attached in the account. */
    int count(String account, String policyArn) {
        return store.attachments()
                .namesByIndex(IdentityStore.scope(account), IdentityStore.BY_POLICY, policyArn)
                .size();
    }

    /** How many users and roles have it as their boundary. */
    int boundaries(String account, String policyArn) {
        return (int) all(account)
                .filter(entity -> entity.boundary().filter(policyArn::equals).isPresent())
                .count();
    }

    private Stream<Entity> all(String account) {
        Scope scope = IdentityStore.scope(account);
        int most = Integer.MAX_VALUE;
        return Stream.of(
                        store.users().list(scope, "", "", most).items().stream().map(u -> Entity.of(u.value())),
                        store.groups().list(scope, "", "", most).items().stream()
                                .map(g -> Entity.of(g.value())),
                        store.roles().list(scope, "", "", most).items().stream().map(r -> Entity.of(r.value())))
                .flatMap(entities -> entities);
    }

    ListEntitiesForPolicyResponse entities(Call call, ListEntitiesForPolicyRequest request) {
        String arn = Members.arn("policyArn", request.policyArn());
        String account = call.scope().account();
        if (managed.find(account, arn).isEmpty()) {
            throw IamErrors.noSuchPolicy(arn);
        }
        List<String> names =
                store.attachments().namesByIndex(IdentityStore.scope(account), IdentityStore.BY_POLICY, arn);
        String filter = request.entityFilterAsString() == null ? "" : request.entityFilterAsString();
        String path = Objects.requireNonNullElse(request.pathPrefix(), "/");
        boolean asBoundary = request.policyUsageFilter() == PolicyUsageType.PERMISSIONS_BOUNDARY;
        List<Entity> found = all(account)
                .filter(entity -> filter.isEmpty()
                        || filter.equalsIgnoreCase(entity.kind().word()))
                .filter(entity -> entity.path().startsWith(path))
                .filter(entity -> asBoundary
                        ? entity.boundary().filter(arn::equals).isPresent()
                        : names.contains(IdentityStore.attachmentPrefix(entity) + arn))
                .sorted(Comparator.comparing(Entity::arn))
                .toList();
        Listing<Entity> page = Listing.of(found, request.marker(), request.maxItems());
        List<PolicyUser> users = new ArrayList<>();
        List<PolicyGroup> groups = new ArrayList<>();
        List<PolicyRole> roles = new ArrayList<>();
        for (Entity entity : page.items()) {
            switch (entity.kind()) {
                case USER ->
                    users.add(PolicyUser.builder()
                            .userName(entity.name())
                            .userId(entity.id())
                            .build());
                case GROUP ->
                    groups.add(PolicyGroup.builder()
                            .groupName(entity.name())
                            .groupId(entity.id())
                            .build());
                case ROLE ->
                    roles.add(PolicyRole.builder()
                            .roleName(entity.name())
                            .roleId(entity.id())
                            .build());
            }
        }
        return ListEntitiesForPolicyResponse.builder()
                .policyUsers(users)
                .policyGroups(groups)
                .policyRoles(roles)
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }
}
