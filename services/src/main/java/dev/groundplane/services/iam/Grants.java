package dev.groundplane.services.iam;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.SessionDetails;
import dev.groundplane.platform.policy.Organization;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.platform.policy.PolicySet;
import dev.groundplane.platform.policy.Subject;
import dev.groundplane.platform.store.Remembered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Tag;

/**
 * What callers are and which policies bind them at this moment. What was found is remembered until something of IAM's is
 * written. Thread-safe.
 */
final class Grants {
    private static final String SERVICE_ROLES = "/aws-service-role/";

    /**
     * A caller with what binds it.
     *
     * @param tags its tags by key in lower case; a session's before its role's
     * @param place where its account stands in an organization
     */
    record Held(Subject subject, PolicySet policies, Map<String, String> tags, Optional<Organization.Place> place) {}

    /** A user or role and its policies. */
    private record Bound(Entity entity, List<Policy> identity, Optional<Policy> boundary, Map<String, String> tags) {}

    private record Name(EntityKind kind, String account, String name) {}

    private final IdentityStore store;
    private final ManagedPolicyTexts managed;
    private final CompiledPolicies compiled;
    private final Organization organization;
    private final Remembered<Name, Optional<Bound>> bound;

    Grants(
            IdentityStore store,
            ManagedPolicyTexts managed,
            CompiledPolicies compiled,
            Organization organization,
            Events events) {
        this.store = store;
        this.managed = managed;
        this.compiled = compiled;
        this.organization = organization;
        bound = new Remembered<>(store.database(), events, IdentityStore.decisiveTypes());
    }

    /** Nothing but the place, for callers without policies; a role that is made again under its name is another one. */
    Held of(Caller caller) {
        Optional<Organization.Place> place =
                caller.isService() || caller.isWebIdentity() ? Optional.empty() : organization.of(caller.account());
        Optional<Bound> bound = bound(caller);
        if (bound.isEmpty()) {
            PolicySet alone = new PolicySet(controls(place), List.of(), Optional.empty(), Optional.empty());
            return new Held(Subject.of(caller), alone, sessionTags(caller, Map.of()), place);
        }
        Entity entity = bound.get().entity();
        boolean free = entity.path().startsWith(SERVICE_ROLES);
        PolicySet policies = new PolicySet(
                free ? List.of() : controls(place),
                bound.get().identity(),
                bound.get().boundary(),
                session(caller));
        Subject subject = new Subject(caller, caller.isFederated() ? caller.arn() : entity.arn());
        return new Held(subject, policies, sessionTags(caller, bound.get().tags()), place);
    }

    private static Map<String, String> sessionTags(Caller caller, Map<String, String> tags) {
        if (caller.session().tags().isEmpty()) {
            return tags;
        }
        Map<String, String> all = new HashMap<>(tags);
        caller.session().tags().forEach((key, value) -> all.put(key.toLowerCase(Locale.ROOT), value));
        return all;
    }

    private Optional<Bound> bound(Caller caller) {
        if (caller.isUser()) {
            return bound(EntityKind.USER, caller.account(), caller.userName())
                    .filter(user -> user.entity().id().equals(caller.userId()));
        }
        if (caller.isFederated()) {
            String user = caller.session().provider();
            return bound(EntityKind.USER, caller.account(), user.substring(user.lastIndexOf('/') + 1))
                    .filter(found -> found.entity().arn().equals(user));
        }
        return caller.roleName()
                .flatMap(role -> bound(EntityKind.ROLE, caller.account(), role))
                .filter(role ->
                        caller.roleId().filter(role.entity().id()::equals).isPresent());
    }

    private Optional<Bound> bound(EntityKind kind, String account, String name) {
        return bound.get(
                new Name(kind, account, name),
                key -> store.find(kind, account, name).map(entity -> bound(account, entity)));
    }

    private Bound bound(String account, Entity entity) {
        List<Policy> policies = new ArrayList<>(own(account, entity));
        if (entity.kind() == EntityKind.USER) {
            store.groupsOf(account, entity.id()).forEach(group -> policies.addAll(own(account, Entity.of(group))));
        }
        Optional<Policy> boundary = entity.boundary()
                .map(arn -> managed.text(account, arn).orElse(ManagedPolicyTexts.NOTHING))
                .map(compiled::identity);
        Map<String, String> tags = entity.tags().stream()
                .collect(Collectors.toUnmodifiableMap(
                        tag -> tag.key().toLowerCase(Locale.ROOT), Tag::value, (a, b) -> b));
        return new Bound(entity, List.copyOf(policies), boundary, tags);
    }

    private List<Policy> own(String account, Entity entity) {
        List<Policy> policies = new ArrayList<>();
        for (PolicyDetail policy : store.inlinePolicies(account, entity)) {
            policies.add(compiled.identity(policy.policyDocument()));
        }
        for (AttachedPolicy policy : store.attached(account, entity)) {
            managed.text(account, policy.policyArn()).map(compiled::identity).ifPresent(policies::add);
        }
        return policies;
    }

    /** A federated user without policies of its session may do nothing by its user's. */
    private Optional<List<Policy>> session(Caller caller) {
        SessionDetails details = caller.session();
        if (!details.hasPolicies()) {
            return caller.isFederated() ? Optional.of(List.of()) : Optional.empty();
        }
        List<Policy> policies = new ArrayList<>();
        if (!details.policy().isEmpty()) {
            policies.add(compiled.identity(details.policy()));
        }
        for (String arn : details.policyArns()) {
            managed.text(caller.account(), arn).map(compiled::identity).ifPresent(policies::add);
        }
        return Optional.of(policies);
    }

    private List<List<Policy>> controls(Optional<Organization.Place> place) {
        if (place.isEmpty() || place.get().controls().isEmpty()) {
            return List.of();
        }
        List<List<Policy>> levels = new ArrayList<>();
        for (List<String> level : place.get().controls()) {
            List<Policy> policies = new ArrayList<>();
            for (String text : level) {
                policies.add(compiled.identity(text));
            }
            levels.add(policies);
        }
        return levels;
    }
}
