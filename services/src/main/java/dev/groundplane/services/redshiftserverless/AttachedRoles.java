package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.services.warehouse.NamespaceRoles;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;

/** Which roles namespaces have. Whether a role trusts Redshift is seen when it is used, as with AWS. */
final class AttachedRoles {
    private static final int MOST = 100;

    private final RolePassing passing;

    /** @param passing decides who may hand which role to Redshift Serverless */
    AttachedRoles(RolePassing passing) {
        this.passing = passing;
    }

    /**
     * Refuses roles that the caller may not hand on. Before the transaction: policies are read from the store.
     *
     * @param roles that a request has
     * @param before that the namespace has already
     */
    void check(Call call, List<String> roles, List<String> before) {
        if (roles.size() > MOST) {
            throw RedshiftErrors.invalid("iamRoles has %d roles; at most %d are allowed.", roles.size(), MOST);
        }
        roles.stream().filter(role -> !before.contains(role)).forEach(role -> pass(call, role));
    }

    /**
     * Sets the members that a request has; those that it leaves out stay.
     *
     * @param roles the whole list, checked; null when the request has none
     * @param standard empty for no default role any more; null when the request does not say
     */
    static void set(Namespace.Builder namespace, @Nullable List<String> roles, @Nullable String standard) {
        Namespace before = namespace.build();
        if (roles != null) {
            namespace.iamRoles(roles.stream().distinct().toList());
        }
        List<String> attached = namespace.build().iamRoles();
        String wanted = standard == null ? before.defaultIamRoleArn() : standard.isEmpty() ? null : standard;
        if (wanted != null && !attached.contains(wanted)) {
            throw RedshiftErrors.invalid(
                    "defaultIamRoleArn %s is not one of the namespace's iamRoles %s.", wanted, attached);
        }
        namespace.defaultIamRoleArn(wanted);
    }

    private void pass(Call call, String role) {
        if (!role.startsWith("arn:")) {
            throw RedshiftErrors.invalid("iamRoles has '%s', which is no ARN of a role.", role);
        }
        switch (passing.pass(call.caller(), role, RedshiftServerless.PRINCIPAL)) {
            case PASSED, NOT_TRUSTED -> {}
            case NO_SUCH_ROLE -> throw RedshiftErrors.invalid("iamRoles has %s, and there is no such role.", role);
            case NOT_ALLOWED ->
                throw RedshiftErrors.denied(
                        "%s is not authorized to perform: iam:PassRole on resource: %s",
                        call.caller().arn(), role);
        }
    }

    static NamespaceRoles of(Namespace namespace) {
        return new NamespaceRoles(namespace.iamRoles(), Optional.ofNullable(namespace.defaultIamRoleArn()));
    }

    /** As clients see it: AWS answers roles in this form. */
    static Namespace shown(Namespace namespace) {
        return namespace.hasIamRoles()
                ? namespace.toBuilder()
                        .iamRoles(namespace.iamRoles().stream()
                                .map("IamRole(applyStatus=in-sync, iamRoleArn=%s)"::formatted)
                                .toList())
                        .build()
                : namespace;
    }
}
