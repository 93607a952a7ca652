package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.User;

/** The tags of users, roles and managed policies. */
final class EntityTags {
    private final IdentityStore store;
    private final ManagedPolicies policies;

    EntityTags(IdentityStore store, ManagedPolicies policies) {
        this.store = store;
        this.policies = policies;
    }

    /** @param change makes the new tags of the old ones */
    <R> R ofUser(Call call, @Nullable String userName, UnaryOperator<List<Tag>> change, R response) {
        String name = Members.userName(userName);
        return call.commit(tx -> {
            Stored<User> user = store.requireUser(tx, call.scope().account(), name);
            List<Tag> tags = change.apply(user.value().tags());
            store.users()
                    .update(tx, user.with(user.value().toBuilder().tags(tags).build()));
            return response;
        });
    }

    <R> R ofRole(Call call, @Nullable String roleName, UnaryOperator<List<Tag>> change, R response) {
        String name = Members.roleName(roleName);
        BuiltInRole.refuseChange(EntityKind.ROLE, name);
        return call.commit(tx -> {
            Stored<Role> role = store.requireRole(tx, call.scope().account(), name);
            List<Tag> tags = change.apply(role.value().tags());
            store.roles()
                    .update(tx, role.with(role.value().toBuilder().tags(tags).build()));
            return response;
        });
    }

    <R> R ofPolicy(Call call, @Nullable String policyArn, UnaryOperator<List<Tag>> change, R response) {
        return call.commit(tx -> {
            Stored<Policy> policy = policies.requireOwn(tx, call.scope().account(), policyArn);
            List<Tag> tags = change.apply(policy.value().tags());
            store.policies()
                    .update(
                            tx,
                            policy.with(policy.value().toBuilder().tags(tags).build()));
            return response;
        });
    }

    Listing<Tag> list(
            Call call, EntityKind kind, @Nullable String name, @Nullable String marker, @Nullable Integer maxItems) {
        Entity entity = store.require(kind, call.scope().account(), Members.name(kind, name));
        return Listing.of(entity.tags(), marker, maxItems);
    }

    Listing<Tag> listOfPolicy(
            Call call, @Nullable String policyArn, @Nullable String marker, @Nullable Integer maxItems) {
        return Listing.of(policies.require(call.scope().account(), policyArn).tags(), marker, maxItems);
    }
}
