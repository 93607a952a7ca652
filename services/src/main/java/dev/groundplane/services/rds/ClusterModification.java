package dev.groundplane.services.rds;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.ManagedPasswords;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterRequest;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterResponse;

/** {@code ModifyDBCluster}. Everything is done at once, as there are no maintenance windows; another port breaks connections. */
final class ClusterModification {
    private static final Set<String> MEMBERS = Set.of(
            "DBClusterIdentifier",
            "ApplyImmediately",
            "MasterUserPassword",
            "ManageMasterUserPassword",
            "RotateMasterUserPassword",
            "Port",
            "DBClusterParameterGroupName",
            "DeletionProtection",
            "CopyTagsToSnapshot",
            "BackupRetentionPeriod",
            "EngineVersion",
            "ServerlessV2ScalingConfiguration.*");

    private final RdsStore store;
    private final ClusterPorts ports;
    private final ParameterGroups groups;
    private final ManagedPasswords managed;

    ClusterModification(RdsStore store, ClusterPorts ports, ParameterGroups groups, ManagedPasswords managed) {
        this.store = store;
        this.ports = ports;
        this.groups = groups;
        this.managed = managed;
    }

    /**
     * What becomes of the master user's password.
     *
     * @param password another one; null when it stays
     * @param made its secret, where one was made for it; null where none was
     * @param rotation the token that its secret gets it by; null when it has no secret, or a new one
     * @param unmanaged the ARN of a secret that is to be removed; null when none is
     */
    private record PasswordChange(
            @Nullable String password,
            ManagedPasswords.@Nullable Made made,
            @Nullable String rotation,
            @Nullable String unmanaged) {}

    ModifyDbClusterResponse modify(Call call, ModifyDbClusterRequest request) {
        RdsErrors.checkMembers(request, MEMBERS);
        String identifier = Clusters.identifier(call.scope(), request.dbClusterIdentifier());
        Stored<DBCluster> before =
                store.clusters().find(call.scope(), identifier).orElseThrow(() -> RdsErrors.noCluster(identifier));
        Status.AVAILABLE.require(before.value());
        if (request.backupRetentionPeriod() != null) {
            ClusterCreation.retention(request.backupRetentionPeriod());
        }
        RdsRules.only("EngineVersion", request.engineVersion(), before.value().engineVersion());
        PasswordChange password = password(call, request, before.value());
        try {
            return store(call, request, identifier, password);
        } catch (RuntimeException e) {
            if (password.made() != null) {
                managed.abandon(call.scope(), password.made());
            }
            throw e;
        }
    }

    private PasswordChange password(Call call, ModifyDbClusterRequest request, DBCluster cluster) {
        boolean isManaged = cluster.masterUserSecret() != null;
        Boolean manages = request.manageMasterUserPassword();
        boolean rotates = Boolean.TRUE.equals(request.rotateMasterUserPassword());
        String given = request.masterUserPassword();
        if (given != null && (Boolean.TRUE.equals(manages) || (isManaged && manages == null))) {
            throw RdsErrors.combination(
                    "You can't specify MasterUserPassword for a DB cluster whose master user password is"
                            + " managed in AWS Secrets Manager.");
        }
        if (rotates && (!isManaged || Boolean.FALSE.equals(manages))) {
            throw RdsErrors.combination(
                    "RotateMasterUserPassword needs a master user password that is managed in AWS Secrets Manager.");
        }
        if (Boolean.FALSE.equals(manages) && isManaged) {
            if (given == null) {
                throw RdsErrors.combination(
                        "You must specify MasterUserPassword when ManageMasterUserPassword is turned off.");
            }
            return new PasswordChange(
                    RdsRules.password(given),
                    null,
                    null,
                    cluster.masterUserSecret().secretArn());
        }
        if (rotates) {
            ManagedPasswords.Made another =
                    managed.another(cluster.masterUserSecret().secretArn());
            return new PasswordChange(another.password(), null, another.token(), null);
        }
        if (Boolean.TRUE.equals(manages) && !isManaged) {
            ManagedPasswords.Made made =
                    managed.make(call.scope(), ClusterCreation.secretName(), cluster.masterUsername());
            return new PasswordChange(made.password(), made, null, null);
        }
        return new PasswordChange(given == null ? null : RdsRules.password(given), null, null, null);
    }

    private ModifyDbClusterResponse store(
            Call call, ModifyDbClusterRequest request, String identifier, PasswordChange password) {
        String verifier = password.password() == null ? null : Passwords.verifier(password.password());
        return call.commit(tx -> {
            Stored<DBCluster> stored = store.requireCluster(tx, call.scope(), identifier);
            Status.AVAILABLE.require(stored.value());
            Stored<DBCluster> changed = changed(tx, stored, request);
            if (verifier != null) {
                DBCluster cluster = changed.value();
                if (password.made() != null) {
                    cluster =
                            ClusterCreation.withSecret(cluster, password.made().arn());
                    managed.keep(tx, call.scope(), password.made());
                } else if (password.unmanaged() != null) {
                    cluster = cluster.toBuilder()
                            .masterUserSecret((MasterUserSecret) null)
                            .build();
                }
                changed = changed.with(cluster.toBuilder()
                                .status(Status.MODIFYING.wire())
                                .build())
                        .withExtra(RdsStore.VERIFIER, verifier)
                        .withExtra(RdsStore.ROTATION, password.rotation())
                        .withExtra(RdsStore.UNMANAGED, password.unmanaged());
            }
            return ModifyDbClusterResponse.builder()
                    .dbCluster(ClusterView.of(store, tx, store.clusters().update(tx, changed)))
                    .build();
        });
    }

    private Stored<DBCluster> changed(Transaction tx, Stored<DBCluster> stored, ModifyDbClusterRequest request)
            throws SQLException {
        DBCluster before = stored.value();
        DBCluster.Builder changed = before.toBuilder();
        Optional.ofNullable(request.deletionProtection()).ifPresent(changed::deletionProtection);
        Optional.ofNullable(request.copyTagsToSnapshot()).ifPresent(changed::copyTagsToSnapshot);
        if (request.dbClusterParameterGroupName() != null) {
            String group = ParameterGroups.name(request.dbClusterParameterGroupName());
            groups.values(tx, stored.scope(), group, before.engineVersion()); // which holds from the next reboot on
            changed.dbClusterParameterGroup(group);
        }
        boolean again = false;
        if (request.serverlessV2ScalingConfiguration() != null) {
            changed.serverlessV2ScalingConfiguration(
                    ClusterCreation.scaling(request.serverlessV2ScalingConfiguration()));
            again = true;
        }
        if (request.port() != null && !request.port().equals(before.port())) {
            int taken = ports.take(tx, request.port());
            ports.give(tx, before.port());
            changed.port(taken);
            again = true;
        }
        if (!again) {
            return stored.with(changed.build());
        }
        return RdsStore.again(
                stored.with(changed.status(Status.MODIFYING.wire()).build()));
    }
}
