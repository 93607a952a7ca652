package dev.groundplane.services.warehouse;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Database users, temporary passwords and ports. Its types are named as when Redshift Serverless alone had them. Thread-safe.
 */
public final class WarehouseStore {
    /** Index and extra of what ends: when it does, in a form whose text order is time order. */
    public static final String EXPIRES = "expires";

    /** Extra of a user: the verifier of its password. */
    static final String VERIFIER = "verifier";

    /** Index and extra of a user, group or role: {@code namespaceId/kind/name}. */
    static final String PRINCIPAL = "principal";

    private final Database database;
    private final Resources<String> passwords;
    private final Resources<String> principals;
    private final Resources<String> lastPrincipals;

    WarehouseStore(Database database, Events events) {
        this.database = database;
        passwords = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-serverless:password",
                        text -> text,
                        text -> text,
                        (value, extra) -> Map.of(EXPIRES, extra.get(EXPIRES))));
        principals = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "redshift-serverless:principal",
                        text -> text,
                        text -> text,
                        (value, extra) -> Map.of(PRINCIPAL, extra.get(PRINCIPAL))));
        lastPrincipals = new Resources<>(
                database, events, ResourceType.of("redshift-serverless:last-principal", text -> text, text -> text));
    }

    /**
     * An id in a namespace that no user, group or role had before: what they own and were granted goes by it.
     *
     * @param first all ids are greater than this
     */
    int nextPrincipal(Transaction tx, Scope scope, String namespaceId, int first) throws SQLException {
        Optional<Stored<String>> last = lastPrincipals.find(tx, scope, namespaceId);
        int id = last.map(Stored::value).map(Integer::parseInt).orElse(first) + 1;
        if (last.isPresent()) {
            lastPrincipals.update(tx, last.get().with(Integer.toString(id)));
        } else {
            lastPrincipals.insert(tx, scope, namespaceId, Integer.toString(id), Map.of());
        }
        return id;
    }

    /** Has ids of a namespace's users, groups and roles go on after one that was given before. */
    void keepPrincipalsAfter(Transaction tx, Scope scope, String namespaceId, int last) throws SQLException {
        if (lastPrincipal(tx, scope, namespaceId) < last) {
            lastPrincipals.deleteIfPresent(tx, scope, namespaceId);
            lastPrincipals.insert(tx, scope, namespaceId, Integer.toString(last), Map.of());
        }
    }

    /** The last id that was given in a namespace; 0 when none was. */
    int lastPrincipal(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        return lastPrincipals
                .find(tx, scope, namespaceId)
                .map(Stored::value)
                .map(Integer::parseInt)
                .orElse(0);
    }

    /** A namespace is gone, whose id is never used again. */
    void forgetPrincipals(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        lastPrincipals.deleteIfPresent(tx, scope, namespaceId);
    }

    /** A moment in a form whose text order is time order. */
    public static String expiry(Instant at) {
        return "%015d".formatted(at.toEpochMilli());
    }

    /**
     * Removes what has ended.
     *
     * @param resources with {@link #EXPIRES} as an index and an extra
     */
    public static <T> void removeExpired(Database database, Resources<T> resources, Instant now) {
        String end = expiry(now);
        for (Stored<T> one : resources.listByIndexUpTo(EXPIRES, end, Resources.ALL)) {
            database.write(tx -> {
                Optional<Stored<T>> found = resources
                        .find(tx, one.scope(), one.name())
                        .filter(still -> Optional.ofNullable(still.extra().get(EXPIRES))
                                .filter(at -> at.compareTo(end) <= 0)
                                .isPresent()); // it may be kept for longer by now
                if (found.isPresent()) {
                    resources.delete(tx, found.get());
                }
                return found.isPresent();
            });
        }
    }

    Database database() {
        return database;
    }

    /** Verifiers, named {@code namespaceId/login/number}. */
    Resources<String> passwords() {
        return passwords;
    }

    /** Users, groups and roles as JSON, named {@code namespaceId/kind/id}; a user's verifier is an extra. */
    Resources<String> principals() {
        return principals;
    }
}
