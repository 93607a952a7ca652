package dev.groundplane.services.redshift;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.DatabasePrincipals;
import dev.groundplane.services.warehouse.DatabaseUserNames;
import dev.groundplane.services.warehouse.TemporaryLogin;
import dev.groundplane.services.warehouse.TemporaryPasswords;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.redshift.model.Cluster;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsResponse;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamResponse;

/** Temporary passwords: for a database user whom a caller names, and for the one that the caller is. */
final class ClusterCredentials {
    private static final Set<String> BY_NAME =
            Set.of("ClusterIdentifier", "DbUser", "DbName", "DurationSeconds", "AutoCreate");
    private static final Set<String> BY_IDENTITY = Set.of("ClusterIdentifier", "DbName", "DurationSeconds");

    private final ClusterStore store;
    private final DatabasePrincipals principals;
    private final TemporaryPasswords passwords;
    private final InstantSource clock;

    ClusterCredentials(ClusterStore store, WarehouseFoundation foundation, InstantSource clock) {
        this.store = store;
        this.principals = foundation.principals();
        this.passwords = foundation.passwords();
        this.clock = clock;
    }

    /** A user that is not there and not to be made gets a password with which nobody can connect, as with AWS. */
    GetClusterCredentialsResponse byName(Call call, GetClusterCredentialsRequest request) {
        RedshiftErrors.checkMembers(request, BY_NAME);
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        String user = ClusterRules.user("DbUser", request.dbUser());
        boolean creates = Boolean.TRUE.equals(request.autoCreate());
        Instant expires = clock.instant().plusSeconds(ClusterRules.passwordSeconds(request.durationSeconds()));
        TemporaryLogin login =
                new TemporaryLogin((creates ? "IAMA:" : "IAM:") + user, user, Optional.ofNullable(request.dbName()));
        return call.commit(tx -> {
            Cluster cluster = store.require(tx, call.scope(), identifier).value();
            if (creates && !user.equals(cluster.masterUsername())) {
                principals.require(tx, call.scope(), ClusterStore.namespaceId(cluster), user);
            }
            return GetClusterCredentialsResponse.builder()
                    .dbUser(login.name())
                    .dbPassword(give(tx, call, cluster, login, expires))
                    .expiration(expires)
                    .build();
        });
    }

    GetClusterCredentialsWithIamResponse byIdentity(Call call, GetClusterCredentialsWithIamRequest request) {
        RedshiftErrors.checkMembers(request, BY_IDENTITY);
        String identifier = ClusterRules.identifier("ClusterIdentifier", request.clusterIdentifier());
        int seconds = ClusterRules.passwordSeconds(request.durationSeconds());
        Instant expires = clock.instant().plusSeconds(seconds);
        String user = DatabaseUserNames.of(call.caller());
        TemporaryLogin login = new TemporaryLogin(user, user, Optional.ofNullable(request.dbName()));
        return call.commit(tx -> {
            Cluster cluster = store.require(tx, call.scope(), identifier).value();
            principals.require(tx, call.scope(), ClusterStore.namespaceId(cluster), user);
            return GetClusterCredentialsWithIamResponse.builder()
                    .dbUser(user)
                    .dbPassword(give(tx, call, cluster, login, expires))
                    .expiration(expires)
                    .nextRefreshTime(expires.minus(Duration.ofSeconds(seconds).dividedBy(4)))
                    .build();
        });
    }

    private String give(Transaction tx, Call call, Cluster cluster, TemporaryLogin login, Instant expires)
            throws SQLException {
        return passwords.give(tx, call.scope(), ClusterStore.namespaceId(cluster), login, expires);
    }
}
