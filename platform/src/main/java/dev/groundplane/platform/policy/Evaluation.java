package dev.groundplane.platform.policy;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.Policy.Verdict;
import dev.groundplane.platform.policy.Principals.Named;
import java.util.List;
import java.util.Optional;

/**
 * The decision on one request. Source: IAM User Guide, "Policy evaluation logic".
 *
 * <ol>
 *   <li>A Deny in any policy decides.
 *   <li>Service control policies must allow at every level.
 *   <li>Within an account, the identity's policies or the resource's must allow; a resource's policy that names the account
 *       leaves it to the identity's. Across accounts both must.
 *   <li>The boundary and the session's policies must allow, unless the resource's policy gave it to the user or the session
 *       by name.
 * </ol>
 */
public final class Evaluation {
    private Evaluation() {}

    /**
     * Decides.
     *
     * @param policies what binds the subject
     * @param resourcePolicy what is attached to the resource
     * @param values the request's condition keys
     */
    public static Decision decide(
            Subject subject,
            AccessRequest request,
            PolicySet policies,
            Optional<Policy> resourcePolicy,
            ConditionValues values) {
        Question question = Question.of(request.action(), request.resource(), values);
        Caller caller = subject.caller();
        boolean root = caller.isRoot();
        boolean controlled = true;
        for (List<Policy> level : policies.controls()) {
            Verdict verdict = Policy.verdict(level, question);
            if (verdict == Verdict.DENY) {
                return Decision.denied(PolicyKind.SERVICE_CONTROL);
            }
            controlled &= verdict == Verdict.ALLOW;
        }
        if (resourcePolicy.isPresent() && resourcePolicy.get().denies(subject, question)) {
            return Decision.denied(PolicyKind.RESOURCE);
        }
        Verdict identity = root ? Verdict.ALLOW : Policy.verdict(policies.identity(), question);
        Verdict boundary = policies.boundary().isPresent()
                ? Policy.verdict(List.of(policies.boundary().get()), question)
                : Verdict.ALLOW;
        Verdict session = policies.session().isPresent()
                ? Policy.verdict(policies.session().get(), question)
                : Verdict.ALLOW;
        if (identity == Verdict.DENY) {
            return Decision.denied(PolicyKind.IDENTITY);
        }
        if (boundary == Verdict.DENY) {
            return Decision.denied(PolicyKind.BOUNDARY);
        }
        if (session == Verdict.DENY) {
            return Decision.denied(PolicyKind.SESSION);
        }
        if (!controlled) {
            return Decision.missing(PolicyKind.SERVICE_CONTROL);
        }
        Named named = resourcePolicy.isPresent() ? resourcePolicy.get().allows(subject, question) : Named.NOT;
        boolean home = request.owner().isEmpty() || request.owner().equals(caller.account());
        if (named == Named.NOT && (!home || request.needsResourcePolicy())) {
            return Decision.missing(PolicyKind.RESOURCE);
        }
        boolean given = home && named.compareTo(Named.ITSELF) >= 0;
        if (given && (named == Named.AS_SESSION || !caller.isTemporary())) {
            return Decision.ALLOWED;
        }
        if (!given && identity != Verdict.ALLOW) {
            return Decision.missing(PolicyKind.IDENTITY);
        }
        if (boundary != Verdict.ALLOW) {
            return Decision.missing(PolicyKind.BOUNDARY);
        }
        return session == Verdict.ALLOW ? Decision.ALLOWED : Decision.missing(PolicyKind.SESSION);
    }

    /** Whether one policy has a say in a request by itself: allows it, denies it, or neither. For simulations. */
    public static Optional<Boolean> said(Policy policy, String action, String resource, ConditionValues values) {
        return switch (Policy.verdict(List.of(policy), Question.of(action, resource, values))) {
            case ALLOW -> Optional.of(true);
            case DENY -> Optional.of(false);
            case NOTHING -> Optional.empty();
        };
    }
}
