package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.warehouse.NamespaceRoles;
import dev.groundplane.services.warehouse.RoleRules;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.ClusterIamRole;
import software.amazon.awssdk.services.redshift.model.ModifyClusterIamRolesRequest;
import software.amazon.awssdk.services.redshift.model.ModifyClusterIamRolesResponse;

/** Which roles clusters have. */
final class ClusterRoles {
    private static final int MOST = 50;

    private final ClusterStore store;
    private final RoleRules rules;

    /** @param passing decides who may hand which role to Redshift */
    ClusterRoles(ClusterStore store, RolePassing passing) {
        this.store = store;
        rules = new RoleRules(
                passing,
                Redshift.PRINCIPAL,
                new RoleRules.Members("IamRoles", "DefaultIamRoleArn", MOST),
                RedshiftErrors::invalid,
                RedshiftErrors::unauthorized);
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
            set(changed, roles, request.defaultIamRoleArn());
            Stored<Cluster> update = stored.with(changed.build());
            store.clusters().update(tx, update);
            return ModifyClusterIamRolesResponse.builder()
                    .cluster(update.value())
                    .build();
        });
    }

    /** Refuses roles that the caller may not hand on. Before the transaction: policies are read from the store. */
    void check(Call call, List<String> attached) {
        rules.check(call, attached);
    }

    /**
     * Sets a cluster's roles.
     *
     * @param standard empty for no default role any more; null leaves it as it is
     */
    void set(Cluster.Builder cluster, Collection<String> wanted, @Nullable String standard) {
        NamespaceRoles changed = rules.changed(of(cluster.build()), List.copyOf(wanted), standard);
        cluster.iamRoles(changed.all().stream()
                        .map(role -> ClusterIamRole.builder()
                                .iamRoleArn(role)
                                .applyStatus("in-sync")
                                .build())
                        .toList())
                .defaultIamRoleArn(changed.standard().orElse(null));
    }

    static NamespaceRoles of(Cluster cluster) {
        return new NamespaceRoles(
                cluster.iamRoles().stream().map(ClusterIamRole::iamRoleArn).toList(),
                Optional.ofNullable(cluster.defaultIamRoleArn()));
    }
}
