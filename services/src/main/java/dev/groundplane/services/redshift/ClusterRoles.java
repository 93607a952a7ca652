package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.warehouse.NamespaceRoles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.ClusterIamRole;
import software.amazon.awssdk.services.redshift.model.ModifyClusterIamRolesRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterIamRolesResponse;

/** Which roles clusters have. Whether a role trusts Redshift is seen when it is used, as with AWS. */
final class ClusterRoles {
    private static final int MOST = 50;

    private final ClusterStore store;
    private final RolePassing passing;

    /** @param passing decides who may hand which role to Redshift */
    ClusterRoles(ClusterStore store, RolePassing passing) {
        this.store = store;
        this.passing = passing;
    }

    ModifyClusterIamRolesResponse modify(Call call, ModifyClusterIamRolesRequest request) {
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        check(call, request.addIamRoles());
        return call.commit(tx -> {
            Stored<Cluster> stored = store.require(tx, call.scope(), identifier);
            ClusterStatus.AVAILABLE.require(stored.value());
            Set<String> roles = new LinkedHashSet<>(of(stored.value()).all());
            request.removeIamRoles().forEach(role -> {
                if (!roles.remove(role)) {
                    throw RedshiftErrors.invalid("RemoveIamRoles has %s, which the cluster does not have.", role);
                }
            });
            roles.addAll(request.addIamRoles());
            Cluster.Builder changed = stored.value().toBuilder();
            set(changed, List.copyOf(roles), request.defaultIamRoleArn());
            Stored<Cluster> update = stored.with(changed.build());
            store.clusters().update(tx, update);
            return ModifyClusterIamRolesResponse.builder()
                    .cluster(update.value())
                    .build();
        });
    }

    /** Refuses roles that the caller may not hand on. Before the transaction: policies are read from the store. */
    void check(Call call, List<String> roles) {
        for (String role : roles) {
            if (!role.startsWith("arn:")) {
                throw RedshiftErrors.invalid("IamRoles has '%s', which is no ARN of a role.", role);
            }
            switch (passing.pass(call.caller(), role, Redshift.PRINCIPAL)) {
                case PASSED, NOT_TRUSTED -> {}
                case NO_SUCH_ROLE -> throw RedshiftErrors.invalid("IamRoles has %s, and there is no such role.", role);
                case NOT_ALLOWED ->
                    throw RedshiftErrors.unauthorized(
                            "%s is not authorized to perform: iam:PassRole on resource: %s",
                            call.caller().arn(), role);
            }
        }
    }

    /**
     * Sets a cluster's roles.
     *
     * @param standard empty for no default role any more; null leaves it as it is
     */
    static void set(Cluster.Builder cluster, List<String> roles, @Nullable String standard) {
        if (roles.size() > MOST) {
            throw RedshiftErrors.invalid("IamRoles has %d roles; at most %d are allowed.", roles.size(), MOST);
        }
        List<ClusterIamRole> attached = new ArrayList<>();
        roles.forEach(role -> attached.add(
                ClusterIamRole.builder().iamRoleArn(role).applyStatus("in-sync").build()));
        String before = cluster.build().defaultIamRoleArn();
        String wanted = standard == null ? before : standard.isEmpty() ? null : standard;
        if (wanted != null && !roles.contains(wanted)) {
            throw RedshiftErrors.invalid("DefaultIamRoleArn %s is not one of the cluster's roles %s.", wanted, roles);
        }
        cluster.iamRoles(attached).defaultIamRoleArn(wanted);
    }

    static NamespaceRoles of(Cluster cluster) {
        return new NamespaceRoles(
                cluster.iamRoles().stream().map(ClusterIamRole::iamRoleArn).toList(),
                Optional.ofNullable(cluster.defaultIamRoleArn()));
    }
}
