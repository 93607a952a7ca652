package dev.groundplane.services.redshiftserverless;

import dev.groundplane.platform.Call;
import dev.groundplane.services.warehouse.DatabasePrincipals;
import dev.groundplane.services.warehouse.DatabaseUserNames;
import dev.groundplane.services.warehouse.TemporaryLogin;
import dev.groundplane.services.warehouse.TemporaryPasswords;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;

/** Temporary passwords for the database users that IAM's principals are in workgroups. */
final class Credentials {
    private final RedshiftStore store;
    private final DatabasePrincipals principals;
    private final TemporaryPasswords passwords;
    private final InstantSource clock;

    Credentials(RedshiftStore store, WarehouseFoundation foundation, InstantSource clock) {
        this.store = store;
        this.principals = foundation.principals();
        this.passwords = foundation.passwords();
        this.clock = clock;
    }

    /** A password of its own for the database user of the caller's name. */
    GetCredentialsResponse give(Call call, GetCredentialsRequest request) {
        RedshiftErrors.checkMembers(request, Set.of("workgroupName", "dbName", "durationSeconds"));
        String name = Rules.name("workgroupName", request.workgroupName());
        int seconds = Rules.passwordSeconds(request.durationSeconds());
        String user = DatabaseUserNames.of(call.caller());
        Instant expires = clock.instant().plusSeconds(seconds);
        return call.commit(tx -> {
            String namespace =
                    store.requireWorkgroup(tx, call.scope(), name).value().namespaceName();
            String id =
                    store.requireAvailable(tx, call.scope(), namespace).value().namespaceId();
            principals.require(tx, call.scope(), id, user);
            String password = passwords.give(
                    tx,
                    call.scope(),
                    id,
                    new TemporaryLogin(user, user, Optional.ofNullable(request.dbName())),
                    expires);
            return GetCredentialsResponse.builder()
                    .dbUser(user)
                    .dbPassword(password)
                    .expiration(expires)
                    .nextRefreshTime(expires.minus(Duration.ofSeconds(seconds).dividedBy(4)))
                    .build();
        });
    }
}
