package dev.groundplane.services.redshiftserverless;

import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;

/** Temporary passwords of database users, by which IAM's principals log in. Thread-safe. */
final class Passwords implements AutoCloseable {
    private static final int SHORTEST_SECONDS = 900;
    private static final int LONGEST_SECONDS = 3600;
    private static final int PASSWORD_BYTES = 36;
    /** The password is random and long; there is nothing to guess that repetition would slow down. */
    private static final int ITERATIONS = 4096;

    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final int BATCH = 100;

    private final RedshiftStore store;
    private final DatabasePrincipals principals;
    private final UnaryOperator<String> salts;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Reconciler<String> sweeps = new Reconciler<>("redshift-passwords", this::sweep);

    /** @param salts gives hexadecimal digits for a user, always the same */
    Passwords(RedshiftStore store, DatabasePrincipals principals, UnaryOperator<String> salts, InstantSource clock) {
        this.store = store;
        this.principals = principals;
        this.salts = salts;
        this.clock = clock;
    }

    void start() {
        sweeps.enqueue("expired");
    }

    /** A password of its own for the database user of the caller's name. */
    GetCredentialsResponse give(Call call, GetCredentialsRequest request) {
        RedshiftErrors.checkMembers(request, Set.of("workgroupName", "dbName", "durationSeconds"));
        String name = Rules.name("workgroupName", request.workgroupName());
        int seconds = Objects.requireNonNullElse(request.durationSeconds(), SHORTEST_SECONDS);
        if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
            throw RedshiftErrors.invalid(
                    "durationSeconds %d must be from %d to %d.", seconds, SHORTEST_SECONDS, LONGEST_SECONDS);
        }
        String user = user(call.caller());
        String password = Base64.getUrlEncoder().encodeToString(bytes(PASSWORD_BYTES));
        Instant expires = clock.instant().plusSeconds(seconds);
        return call.commit(tx -> {
            String namespace =
                    store.requireWorkgroup(tx, call.scope(), name).value().namespaceName();
            String id =
                    store.requireAvailable(tx, call.scope(), namespace).value().namespaceId();
            principals.require(tx, call.scope(), id, user);
            String prefix = prefix(id, user);
            // All passwords of a user have one salt: the client is told it before anyone knows which password it has.
            byte[] salt = HexFormat.of().parseHex(salts.apply(prefix));
            store.passwords()
                    .insert(
                            tx,
                            call.scope(),
                            prefix + UUID.randomUUID(),
                            ScramVerifier.of(password, salt, ITERATIONS).toString(),
                            Map.of(RedshiftStore.EXPIRES, RedshiftStore.expiry(expires)));
            return GetCredentialsResponse.builder()
                    .dbUser(user)
                    .dbPassword(password)
                    .expiration(expires)
                    .nextRefreshTime(expires.minus(Duration.ofSeconds(seconds).dividedBy(4)))
                    .build();
        });
    }

    /** As Redshift Serverless names them: {@code IAM:} and a user's name, {@code IAMR:} and a role's. */
    private static String user(Caller caller) {
        return caller.roleName().map(role -> "IAMR:" + role).orElseGet(() -> "IAM:" + caller.userName());
    }

    /** By the id, which another namespace of the same name does not have. */
    private static String prefix(String namespaceId, String user) {
        return namespaceId + "/" + user + "/";
    }

    /** The verifiers of a user's passwords that have not ended. */
    List<ScramVerifier> of(Scope scope, String namespaceId, String user) {
        String now = RedshiftStore.expiry(clock.instant());
        return store.passwords().list(scope, prefix(namespaceId, user), "", Resources.ALL).items().stream()
                .filter(password ->
                        password.extra().getOrDefault(RedshiftStore.EXPIRES, "").compareTo(now) > 0)
                .map(password -> ScramVerifier.parse(password.value()))
                .toList();
    }

    private void sweep(String key) {
        List<Stored<String>> due =
                store.passwords().listByIndexUpTo(RedshiftStore.EXPIRES, RedshiftStore.expiry(clock.instant()), BATCH);
        for (Stored<String> one : due) {
            store.database().write(tx -> store.passwords().deleteIfPresent(tx, one.scope(), one.name()));
        }
        if (due.size() == BATCH) {
            sweeps.enqueue(key);
        } else {
            sweeps.enqueueAfter(key, EVERY);
        }
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        sweeps.close();
    }
}
