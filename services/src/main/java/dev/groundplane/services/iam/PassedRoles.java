package dev.groundplane.services.iam;

import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.policy.AccessRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.Role;

/** Whether roles may be handed to services. */
final class PassedRoles implements RolePassing {
    private static final String ACTION = "iam:PassRole";

    private final IdentityStore store;
    private final Authorizer authorizer;

    PassedRoles(IdentityStore store, Authorizer authorizer) {
        this.store = store;
        this.authorizer = authorizer;
    }

    @Override
    public Verdict pass(Caller caller, String role, String service) {
        Optional<Role> found = find(caller.account(), role);
        String arn = found.map(Role::arn)
                .orElse(role.startsWith("arn:") ? role : "arn:aws:iam::%s:role/%s".formatted(caller.account(), role));
        AccessRequest passing = AccessRequest.on(ACTION, arn).with(Map.of("iam:passedtoservice", List.of(service)));
        // Services are this process itself; nobody can sign as one.
        if (!caller.isService() && !authorizer.decide(caller, passing).isAllowed()) {
            return Verdict.NOT_ALLOWED;
        }
        if (found.isEmpty()) {
            return Verdict.NO_SUCH_ROLE;
        }
        return trusts(found.get(), Caller.service(caller.account(), service)) ? Verdict.PASSED : Verdict.NOT_TRUSTED;
    }

    /** By name, by path and name, or by ARN: what was given must be the end of the role's ARN, or all of it. */
    private Optional<Role> find(String account, String role) {
        return store.role(account, role.substring(role.lastIndexOf('/') + 1))
                .filter(found -> role.startsWith("arn:")
                        ? found.arn().equals(role)
                        : !role.contains("/") || found.arn().endsWith(":role/" + role));
    }

    private boolean trusts(Role role, Caller service) {
        AccessRequest assuming = new AccessRequest(
                "sts:AssumeRole",
                role.arn(),
                Optional.of(role.assumeRolePolicyDocument()),
                Map.of(),
                service.account(),
                true);
        return authorizer.decide(service, assuming).isAllowed();
    }
}
