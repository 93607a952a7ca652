package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.PolicyDetail;

/** The inline policies of users, groups and roles. A change holds for everyone from the next call on. */
final class InlinePolicies {
    private final IdentityStore store;

    InlinePolicies(IdentityStore store) {
        this.store = store;
    }

    <R> R put(
            Call call,
            EntityKind kind,
            @Nullable String entityName,
            @Nullable String policyName,
            @Nullable String policyDocument,
            R response) {
        String owner = Members.name(kind, entityName);
        String name = Members.policyName(policyName);
        BuiltInRole.refuseChange(kind, owner);
        String document = Documents.identity(policyDocument);
        PolicyDetail policy =
                PolicyDetail.builder().policyName(name).policyDocument(document).build();
        return call.commit(tx -> {
            String account = call.scope().account();
            Scope scope = IdentityStore.scope(account);
            Entity entity = store.require(tx, kind, account, owner);
            ServiceLinkedRoles.refuseChange(entity);
            Resources<PolicyDetail> policies = store.inline(kind);
            int others = policies.list(tx, scope, entity.key() + "/", "", Resources.ALL).items().stream()
                    .map(Stored::value)
                    .filter(other -> !other.policyName().equals(name))
                    .mapToInt(other -> Documents.size(other.policyDocument()))
                    .sum();
            if (others + Documents.size(document) > kind.inlineCharacters()) {
                throw IamErrors.limitExceeded(kind.inlineQuota(), kind.inlineCharacters());
            }
            String key = entity.key() + "/" + name;
            Optional<Stored<PolicyDetail>> known = policies.find(tx, scope, key);
            if (known.isPresent()) {
                policies.update(tx, known.get().with(policy));
            } else {
                policies.insert(tx, scope, key, policy, Map.of());
            }
            return response;
        });
    }

    /** The policy, its document encoded as responses carry it. */
    PolicyDetail get(Call call, EntityKind kind, @Nullable String entityName, @Nullable String policyName) {
        String account = call.scope().account();
        Entity entity = store.require(kind, account, Members.name(kind, entityName));
        String name = Members.policyName(policyName);
        PolicyDetail policy = store.inline(kind)
                .find(IdentityStore.scope(account), entity.key() + "/" + name)
                .orElseThrow(() -> IamErrors.noSuchInlinePolicy(kind, name))
                .value();
        return policy.toBuilder()
                .policyDocument(Documents.encoded(policy.policyDocument()))
                .build();
    }

    <R> R delete(Call call, EntityKind kind, @Nullable String entityName, @Nullable String policyName, R response) {
        String owner = Members.name(kind, entityName);
        String name = Members.policyName(policyName);
        BuiltInRole.refuseChange(kind, owner);
        return call.commit(tx -> {
            String account = call.scope().account();
            Entity entity = store.require(tx, kind, account, owner);
            ServiceLinkedRoles.refuseChange(entity);
            Stored<PolicyDetail> policy = store.inline(kind)
                    .find(tx, IdentityStore.scope(account), entity.key() + "/" + name)
                    .orElseThrow(() -> IamErrors.noSuchInlinePolicy(kind, name));
            store.inline(kind).delete(tx, policy);
            return response;
        });
    }

    /** The names of an entity's policies. */
    Listing<String> list(
            Call call,
            EntityKind kind,
            @Nullable String entityName,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        String account = call.scope().account();
        Entity entity = store.require(kind, account, Members.name(kind, entityName));
        Listing<PolicyDetail> page = Listing.of(
                store.inline(kind), IdentityStore.scope(account), entity.key() + "/", marker, maxItems, policy -> true);
        return new Listing<>(page.items().stream().map(PolicyDetail::policyName).toList(), page.marker());
    }
}
