package dev.groundplane.services.iam;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.platform.policy.Policy.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * Decides whether a caller may do something. The root of an account may do all; a session may do what its role's policies
 * allow at this moment, so that a change of them holds at once, also for sessions that run; every other caller nothing.
 * Thread-safe.
 */
public final class Authorizer {
    /** AWS grants it to everyone who can sign. */
    private static final String WHO_AM_I = "sts:GetCallerIdentity";

    private static final int MAX_PARSED = 10_000;

    private final RoleStore store;
    /** By text: what a text says never changes, so nothing needs to be forgotten when policies change. */
    private final Map<String, Policy> parsed = new ConcurrentHashMap<>();

    Authorizer(RoleStore store) {
        this.store = store;
    }

    /**
     * Decides.
     *
     * @param action service prefix and operation, for example {@code ecs:RunTask}
     */
    public Decision decide(Caller caller, String action) {
        if (caller.isRoot() || action.equals(WHO_AM_I)) {
            return Decision.ALLOWED;
        }
        Optional<Role> role = caller.roleName()
                .flatMap(name -> store.find(caller.account(), name))
                // A role that was deleted and made again under its name is another one.
                .filter(found -> caller.roleId().filter(found.roleId()::equals).isPresent());
        return role.map(found -> Policy.decide(policies(caller.account(), found), action))
                .orElse(Decision.NOT_ALLOWED);
    }

    private List<Policy> policies(String account, Role role) {
        List<Policy> policies = new ArrayList<>();
        for (PolicyDetail policy : store.policies(account, role.roleName())) {
            policies.add(parse(policy.policyDocument()));
        }
        return policies;
    }

    private Policy parse(String document) {
        Policy known = parsed.get(document);
        if (known != null) {
            return known;
        }
        try {
            Policy policy = Policy.parse(document);
            if (parsed.size() >= MAX_PARSED) {
                parsed.clear();
            }
            parsed.put(document, policy);
            return policy;
        } catch (MalformedPolicyException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored policy is damaged: " + document, e);
        }
    }
}
