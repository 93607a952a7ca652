package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.Organization;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.AccessModel;
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
    private final IdentityStore store;
    private final Users users;
    private final UserKeys userKeys;
    private final Groups groups;
    private final Roles roles;
    private final ServiceLinkedRoles serviceLinkedRoles;
    private final InlinePolicies inline;
    private final Attachments attachments;
    private final Boundaries boundaries;
    private final ManagedPolicies policies;
    private final PolicyVersions versions;
    private final EntityTags tags;
    private final AccountAliases aliases;
    private final AccountDetails account;
    private final OidcProviders providers;
    private final InstanceProfiles profiles;
    private final Simulations simulations;
    private final ServiceAccess serviceAccess;
    private final Authorizer authorizer;
    private final RolePassing passing;

    /**
     * @param database where identities are kept
     * @param events where their changes are announced
     * @param keys the long-term access keys
     * @param organization tells which service control policies bind an account
     * @param clock tells when things were made
     */
    public Iam(Database database, Events events, AccessKeys keys, Organization organization, InstantSource clock) {
        store = new IdentityStore(database, events);
        ManagedPolicyTexts managed = new ManagedPolicyTexts(store);
        CompiledPolicies compiled = new CompiledPolicies();
        Grants grants = new Grants(store, managed, compiled, organization, events);
        LastUses uses = new LastUses(database, events);
        authorizer = new Authorizer(grants, compiled, uses, clock);
        passing = new PassedRoles(store, authorizer);
        boundaries = new Boundaries(store, managed);
        users = new Users(store, keys, boundaries, clock);
        userKeys = new UserKeys(store, keys, uses, clock);
        groups = new Groups(store, clock);
        profiles = new InstanceProfiles(store, passing, database, events, clock);
        roles = new Roles(store, boundaries, profiles, uses, clock);
        serviceLinkedRoles = new ServiceLinkedRoles(store, roles);
        inline = new InlinePolicies(store);
        attachments = new Attachments(store, managed);
        policies = new ManagedPolicies(store, managed, attachments, clock);
        versions = new PolicyVersions(store, managed, policies, clock);
        tags = new EntityTags(store, policies);
        aliases = new AccountAliases(database, events);
        providers = new OidcProviders(database, events, clock);
        account = new AccountDetails(store, aliases, providers, profiles, keys, policies, versions);
        simulations = new Simulations(store, managed, grants);
        serviceAccess = new ServiceAccess(store, managed, compiled, uses, database, events, clock);
    }

    /** IAM on behalf of one call. */
    public IamClient client(Call call) {
        return new IamService(call, this);
    }

    /** What IAM's operations ask to do. */
    public AccessModel access() {
        return new IamAccess(store, profiles, providers);
    }

    /** Decides on calls. */
    public Authorizer authorizer() {
        return authorizer;
    }

    /** Decides whether roles may be handed to services. */
    public RolePassing rolePassing() {
        return passing;
    }

    Users users() {
        return users;
    }

    UserKeys userKeys() {
        return userKeys;
    }

    Groups groups() {
        return groups;
    }

    Roles roles() {
        return roles;
    }

    ServiceLinkedRoles serviceLinkedRoles() {
        return serviceLinkedRoles;
    }

    InlinePolicies inline() {
        return inline;
    }

    Attachments attachments() {
        return attachments;
    }

    Boundaries boundaries() {
        return boundaries;
    }

    ManagedPolicies policies() {
        return policies;
    }

    PolicyVersions versions() {
        return versions;
    }

    EntityTags tags() {
        return tags;
    }

    AccountAliases aliases() {
        return aliases;
    }

    AccountDetails account() {
        return account;
    }

    OidcProviders providers() {
        return providers;
    }

    InstanceProfiles profiles() {
        return profiles;
    }

    Simulations simulations() {
        return simulations;
    }

    ServiceAccess serviceAccess() {
        return serviceAccess;
    }

    /** Makes an account's built-in roles, or brings them to this release's state. Idempotent. */
    public void ensureBuiltInRoles(String accountId) {
        BuiltInRole wanted = BuiltInRole.INSTANCE;
        boolean there = store.role(accountId, wanted.name())
                .filter(role -> role.assumeRolePolicyDocument().equals(wanted.trustPolicy()))
                .filter(role -> store.inlinePolicies(accountId, Entity.of(role)).stream()
                        .map(PolicyDetail::policyDocument)
                        .anyMatch(wanted.policy()::equals))
                .isPresent();
        if (!there) {
            store.database().write(tx -> {
                ensure(tx, accountId, wanted);
                return true;
            });
        }
    }

    private void ensure(Transaction tx, String accountId, BuiltInRole wanted) throws SQLException {
        Scope scope = IdentityStore.scope(accountId);
        Optional<Stored<Role>> role = store.roles().find(tx, scope, IdentityStore.key(wanted.name()));
        if (role.isPresent()) {
            Role current = role.get().value().toBuilder()
                    .assumeRolePolicyDocument(wanted.trustPolicy())
                    .build();
            store.roles().update(tx, role.get().with(current));
        } else {
            Role made = roles.role(
                    accountId,
                    CreateRoleRequest.builder()
                            .roleName(wanted.name())
                            .description(wanted.description())
                            .assumeRolePolicyDocument(wanted.trustPolicy())
                            .build());
            store.roles().insert(tx, scope, IdentityStore.key(wanted.name()), made, Map.of());
        }
        PolicyDetail policy = PolicyDetail.builder()
                .policyName(wanted.name())
                .policyDocument(wanted.policy())
                .build();
        String key = IdentityStore.key(wanted.name()) + "/" + wanted.name();
        Optional<Stored<PolicyDetail>> known = store.inline(EntityKind.ROLE).find(tx, scope, key);
        if (known.isPresent()) {
            store.inline(EntityKind.ROLE).update(tx, known.get().with(policy));
        } else {
            store.inline(EntityKind.ROLE).insert(tx, scope, key, policy, Map.of());
        }
    }
}
