package dev.groundplane.services.warehouse;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.RolePassing;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which roles a warehouse may be given. Whether a role trusts Redshift is seen when it is used, as with AWS. Thread-safe.
 */
public final class RoleRules {
    private final RolePassing passing;
    private final String principal;
    private final Members members;
    private final RequestRules.Refusal invalid;
    private final RequestRules.Refusal denied;

    /**
     * How a service's requests name roles.
     *
     * @param roles all of a warehouse
     * @param standard the default one
     * @param most that a warehouse may have
     */
    public record Members(String roles, String standard, int most) {}

    /**
     * @param passing decides who may hand on which role
     * @param principal the service that it is handed to
     * @param invalid for roles that are wrong
     * @param denied for roles that are not the caller's to hand on
     */
    public RoleRules(
            RolePassing passing,
            String principal,
            Members members,
            RequestRules.Refusal invalid,
            RequestRules.Refusal denied) {
        this.passing = passing;
        this.principal = principal;
        this.members = members;
        this.invalid = invalid;
        this.denied = denied;
    }

    /** Refuses roles that the caller may not hand on. Before the transaction: policies are read from the store. */
    public void check(Call call, List<String> roles) {
        for (String role : roles) {
            if (!role.startsWith("arn:")) {
                throw invalid.of("%s has '%s', which is no ARN of a role.", members.roles(), role);
            }
            switch (passing.pass(call.caller(), role, principal)) {
                case PASSED, NOT_TRUSTED -> {}
                case NO_SUCH_ROLE -> throw invalid.of("%s has %s, and there is no such role.", members.roles(), role);
                case NOT_ALLOWED ->
                    throw denied.of(
                            "%s is not authorized to perform: iam:PassRole on resource: %s",
                            call.caller().arn(), role);
            }
        }
    }

    /**
     * The roles that a warehouse is to have.
     *
     * @param roles that may be handed on
     * @param standard empty for no default role any more; null leaves it as it is
     */
    public NamespaceRoles changed(NamespaceRoles before, List<String> roles, @Nullable String standard) {
        List<String> all = roles.stream().distinct().toList();
        if (all.size() > members.most()) {
            throw invalid.of("%s has %d roles; at most %d are allowed.", members.roles(), all.size(), members.most());
        }
        Optional<String> wanted =
                standard == null ? before.standard() : Optional.of(standard).filter(role -> !role.isEmpty());
        if (wanted.isPresent() && !all.contains(wanted.get())) {
            throw invalid.of("%s %s is not one of the roles %s.", members.standard(), wanted.get(), all);
        }
        return new NamespaceRoles(all, wanted);
    }
}
