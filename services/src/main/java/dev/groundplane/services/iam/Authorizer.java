package dev.groundplane.services.iam;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.policy.Evaluation;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.platform.policy.PolicyKind;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a caller may do something, by the policies as they are at this moment: a change of them holds at once,
 * also for sessions that run. Thread-safe.
 */
public final class Authorizer implements AccessDecisions {
    /** AWS grants them to everyone who can sign, and no policy takes them away. */
    private static final Set<String> ALWAYS = Set.of("sts:GetCallerIdentity", "sts:GetSessionToken");

    private final Grants grants;
    private final CompiledPolicies compiled;
    private final LastUses uses;
    private final InstantSource clock;

    Authorizer(Grants grants, CompiledPolicies compiled, LastUses uses, InstantSource clock) {
        this.grants = grants;
        this.compiled = compiled;
        this.uses = uses;
        this.clock = clock;
    }

    @Override
    public Decision decide(Caller caller, AccessRequest request) {
        uses.note(caller, request.action(), clock.instant());
        if (ALWAYS.contains(request.action())) {
            return Decision.allowed();
        }
        if (isBeyondSession(caller, request.action())) {
            return Decision.missing(PolicyKind.SESSION);
        }
        Grants.Held held = grants.of(caller);
        if (caller.isRoot()
                && held.policies().controls().isEmpty()
                && request.resourcePolicy().isEmpty()
                && (request.owner().isEmpty() || request.owner().equals(caller.account()))
                && !request.needsResourcePolicy()) {
            return Decision.allowed();
        }
        Optional<Policy> resourcePolicy = request.resourcePolicy()
                .map(text -> request.needsResourcePolicy() ? compiled.trust(text) : compiled.resource(text));
        return Evaluation.decide(
                held.subject(),
                request,
                held.policies(),
                resourcePolicy,
                new RequestValues(held, request, clock.instant()));
    }

    /**
     * Sessions of GetSessionToken and GetFederationToken cannot call IAM, and of STS little. Source: STS API Reference,
     * GetSessionToken and GetFederationToken.
     */
    private static boolean isBeyondSession(Caller caller, String action) {
        if (caller.session().issuedAt() == 0 || caller.roleName().isPresent()) {
            return false;
        }
        return action.startsWith("iam:")
                ? !action.equals("iam:PassRole")
                : action.startsWith("sts:") && (caller.isFederated() || !action.equals("sts:AssumeRole"));
    }

    /** AWS's message for a refusal. */
    public static String refusal(Caller caller, AccessRequest request, Decision decision) {
        return "User: %s is not authorized to perform: %s on resource: %s %s"
                .formatted(caller.arn(), request.action(), request.resource(), decision.reason(request.action()));
    }
}
