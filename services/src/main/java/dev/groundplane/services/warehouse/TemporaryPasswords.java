package dev.groundplane.services.warehouse;

import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Temporary passwords of database users, by which IAM's principals log in. Thread-safe. */
public final class TemporaryPasswords implements AutoCloseable {
    /** For how long one may be valid. */
    public static final int SHORTEST_SECONDS = 900;

    public static final int LONGEST_SECONDS = 3600;

    private static final String USER = "user";
    private static final String DATABASE = "database";
    private static final int PASSWORD_BYTES = 36;
    /** The password is random and long; there is nothing to guess that repetition would slow down. */
    private static final int ITERATIONS = 4096;

    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final int BATCH = 100;

    private final WarehouseStore store;
    private final UnaryOperator<String> salts;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Reconciler<String> sweeps = new Reconciler<>("redshift-passwords", this::sweep);

    /** @param salts gives hexadecimal digits for a user, always the same */
    TemporaryPasswords(WarehouseStore store, UnaryOperator<String> salts, InstantSource clock) {
        this.store = store;
        this.salts = salts;
        this.clock = clock;
    }

    void start() {
        sweeps.enqueue("expired");
    }

    /**
     * Makes a password.
     *
     * @return the password, of which only a verifier is kept
     */
    public String give(Transaction tx, Scope scope, String namespaceId, TemporaryLogin login, Instant expires)
            throws SQLException {
        String password = Base64.getUrlEncoder().encodeToString(bytes(PASSWORD_BYTES));
        String prefix = prefix(namespaceId, login.name());
        // All passwords of a user have one salt: the client is told it before anyone knows which password it has.
        byte[] salt = HexFormat.of().parseHex(salts.apply(prefix));
        Map<String, String> extra =
                new HashMap<>(Map.of(WarehouseStore.EXPIRES, WarehouseStore.expiry(expires), USER, login.user()));
        login.database().ifPresent(database -> extra.put(DATABASE, database));
        store.passwords()
                .insert(
                        tx,
                        scope,
                        prefix + UUID.randomUUID(),
                        ScramVerifier.of(password, salt, ITERATIONS).toString(),
                        Map.copyOf(extra));
        return password;
    }

    /** By the id, which another namespace of the same name does not have. */
    private static String prefix(String namespaceId, String login) {
        return namespaceId + "/" + login + "/";
    }

    /** The verifiers of the passwords for a login that have not ended. */
    List<ScramVerifier> of(Scope scope, String namespaceId, String login) {
        return valid(scope, namespaceId, login)
                .map(password -> ScramVerifier.parse(password.value()))
                .toList();
    }

    /** What the password means that has a verifier; empty when it is no temporary one, or has ended meanwhile. */
    Optional<TemporaryLogin> login(Scope scope, String namespaceId, String login, ScramVerifier shown) {
        return valid(scope, namespaceId, login)
                .filter(password -> password.value().equals(shown.toString()))
                .findFirst()
                .map(password -> new TemporaryLogin(
                        login,
                        password.extra().getOrDefault(USER, login),
                        Optional.ofNullable(password.extra().get(DATABASE))));
    }

    private Stream<Stored<String>> valid(Scope scope, String namespaceId, String login) {
        String now = WarehouseStore.expiry(clock.instant());
        return store.passwords().list(scope, prefix(namespaceId, login), "", Resources.ALL).items().stream()
                .filter(password -> password.extra()
                                .getOrDefault(WarehouseStore.EXPIRES, "")
                                .compareTo(now)
                        > 0);
    }

    /** Ends all of a namespace. */
    public void removeAll(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        for (Stored<String> password : store.passwords()
                .list(tx, scope, namespaceId + "/", "", Resources.ALL)
                .items()) {
            store.passwords().delete(tx, password);
        }
    }

    private void sweep(String key) {
        List<Stored<String>> due = store.passwords()
                .listByIndexUpTo(WarehouseStore.EXPIRES, WarehouseStore.expiry(clock.instant()), BATCH);
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
