package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.services.warehouse.NamespaceRoles;
import dev.groundplane.services.warehouse.RoleRules;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshiftserverless.model.Namespace;

/** Which roles namespaces have. */
final class AttachedRoles {
    private static final int MOST = 100;

    private final RoleRules rules;

    /** @param passing decides who may hand which role to Redshift Serverless */
    AttachedRoles(RolePassing passing) {
        rules = new RoleRules(
                passing,
                RedshiftServerless.PRINCIPAL,
                new RoleRules.Members("iamRoles", "defaultIamRoleArn", MOST),
                RedshiftErrors::invalid,
                RedshiftErrors::denied);
    }

    /**
     * Refuses roles that the caller may not hand on. Before the transaction: policies are read from the store.
     *
     * @param roles that a request has
     * @param before that the namespace has already
     */
    void check(Call call, List<String> roles, List<String> before) {
        rules.check(call, roles.stream().filter(role -> !before.contains(role)).toList());
    }

    /**
     * Sets the members that a request has; those that it leaves out stay.
     *
     * @param roles the whole list, checked; null when the request has none
     * @param standard empty for no default role any more; null when the request does not say
     */
    void set(Namespace.Builder namespace, @Nullable List<String> roles, @Nullable String standard) {
        NamespaceRoles before = of(namespace.build());
        NamespaceRoles changed = rules.changed(before, Objects.requireNonNullElse(roles, before.all()), standard);
        if (roles != null) {
            namespace.iamRoles(changed.all());
        }
        namespace.defaultIamRoleArn(changed.standard().orElse(null));
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
