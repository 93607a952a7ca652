package dev.groundplane.services.iam;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy.Decision;
import dev.groundplane.platform.policy.TrustPolicy;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.Role;

/** Whether roles may be handed to services. */
final class PassedRoles implements RolePassing {
    private static final String ACTION = "iam:PassRole";

    private final RoleStore store;
    private final Authorizer authorizer;

    PassedRoles(RoleStore store, Authorizer authorizer) {
        this.store = store;
        this.authorizer = authorizer;
    }

    @Override
    public Verdict pass(Caller caller, String role, String service) {
        // Services are this process itself; nobody can sign as one.
        if (!caller.isService() && authorizer.decide(caller, ACTION) != Decision.ALLOWED) {
            return Verdict.NOT_ALLOWED;
        }
        Optional<Role> found = find(caller.account(), role);
        if (found.isEmpty()) {
            return Verdict.NO_SUCH_ROLE;
        }
        return trusts(found.get(), Caller.service(caller.account(), service)) ? Verdict.PASSED : Verdict.NOT_TRUSTED;
    }

    /** By name, by path and name, or by ARN: what was given must be the end of the role's ARN, or all of it. */
    private Optional<Role> find(String account, String role) {
        return store.find(account, role.substring(role.lastIndexOf('/') + 1))
                .filter(found -> role.startsWith("arn:")
                        ? found.arn().equals(role)
                        : !role.contains("/") || found.arn().endsWith(":role/" + role));
    }

    private static boolean trusts(Role role, Caller service) {
        try {
            return TrustPolicy.parse(role.assumeRolePolicyDocument()).trusts(service);
        } catch (MalformedPolicyException e) {
            throw new GroundplaneException(
                    ErrorKind.INTERNAL_ERROR, "the stored trust policy of %s is damaged".formatted(role.arn()), e);
        }
    }
}
