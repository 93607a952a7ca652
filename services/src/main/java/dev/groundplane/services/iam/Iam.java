package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.CreateRoleRequest;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;

/** The part of IAM that lives as long as the process. Thread-safe. */
public final class Iam {
    private final RoleStore store;
    private final Roles roles;
    private final RolePolicies policies;
    private final Authorizer authorizer;
    private final RolePassing passing;

    /**
     * @param database where roles are kept
     * @param events where their changes are announced
     * @param clock tells when they were made
     */
    public Iam(Database database, Events events, InstantSource clock) {
        store = new RoleStore(database, events);
        roles = new Roles(store, clock);
        policies = new RolePolicies(store);
        authorizer = new Authorizer(store);
        passing = new PassedRoles(store, authorizer);
    }

    /** IAM on behalf of one call. */
    public IamClient client(Call call) {
        return new IamService(call, this);
    }

    /** Decides on calls. */
    public Authorizer authorizer() {
        return authorizer;
    }

    /** Decides whether roles may be handed to services. */
    public RolePassing rolePassing() {
        return passing;
    }

    Roles roles() {
        return roles;
    }

    RolePolicies policies() {
        return policies;
    }

    /** Makes an account's built-in roles, or brings them to this release's state. Idempotent. */
    public void ensureBuiltInRoles(String account) {
        BuiltInRole wanted = BuiltInRole.INSTANCE;
        boolean there = store.find(account, wanted.name())
                        .filter(role -> role.assumeRolePolicyDocument().equals(wanted.trustPolicy()))
                        .isPresent()
                && store.policies(account, wanted.name()).stream()
                        .map(PolicyDetail::policyDocument)
                        .anyMatch(wanted.policy()::equals);
        if (!there) {
            store.database().write(tx -> {
                ensure(tx, account, wanted);
                return true;
            });
        }
    }

    private void ensure(Transaction tx, String account, BuiltInRole wanted) throws SQLException {
        Scope scope = RoleStore.scope(account);
        Optional<Stored<Role>> role = store.roles().find(tx, scope, RoleStore.key(wanted.name()));
        if (role.isPresent()) {
            Role current = role.get().value().toBuilder()
                    .assumeRolePolicyDocument(wanted.trustPolicy())
                    .build();
            store.roles().update(tx, role.get().with(current));
        } else {
            Role made = roles.role(
                    account,
                    CreateRoleRequest.builder()
                            .roleName(wanted.name())
                            .description(wanted.description())
                            .assumeRolePolicyDocument(wanted.trustPolicy())
                            .build());
            store.roles().insert(tx, scope, RoleStore.key(wanted.name()), made, Map.of());
        }
        PolicyDetail policy = PolicyDetail.builder()
                .policyName(wanted.name())
                .policyDocument(wanted.policy())
                .build();
        String key = RoleStore.key(wanted.name(), wanted.name());
        Optional<Stored<PolicyDetail>> known = store.policies().find(tx, scope, key);
        if (known.isPresent()) {
            store.policies().update(tx, known.get().with(policy));
        } else {
            store.policies().insert(tx, scope, key, policy, Map.of());
        }
    }
}
