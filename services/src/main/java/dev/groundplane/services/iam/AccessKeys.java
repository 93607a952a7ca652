package dev.groundplane.services.iam;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The long-term access keys of the installation: of users and of account roots. Thread-safe. */
public final class AccessKeys {
    /** Keys are looked up before their account is known, so all are kept in one scope. */
    private static final Scope GLOBAL = new Scope("", "");

    private static final String BY_USER = "user";
    private static final int ID_LENGTH = 16;
    /** What keys have whose secrets are sealed in the store: all but those of earlier releases. */
    private static final String SEALED = "sealed";

    private final Database database;
    private final Resources<StoredKey> keys;
    private final IdentityStore identities;

    /**
     * @param database where the keys are kept
     * @param events tells of changed keys
     * @param encryption seals their secrets
     */
    public AccessKeys(Database database, Events events, Encryption encryption) {
        this.database = database;
        keys = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        StoredKey.TYPE,
                        key -> key.encode(encryption),
                        json -> StoredKey.decode(json, encryption),
                        (key, extra) -> key.userId() == null ? Map.of() : Map.of(BY_USER, key.userId())));
        identities = new IdentityStore(database, events);
    }

    /** Seals the secrets that earlier releases stored as they are. Idempotent. */
    public void sealAll() {
        List<Stored<StoredKey>> open = keys.all().stream()
                .filter(key -> !key.extra().containsKey(SEALED))
                .toList();
        if (!open.isEmpty()) {
            database.write(tx -> {
                for (Stored<StoredKey> key : open) {
                    keys.update(tx, key.withExtra(SEALED, "true"));
                }
                return open.size();
            });
        }
    }

    /** The principal that a key belongs to; empty when there is no such key, or it is inactive. */
    public Optional<Principal> find(String accessKeyId) {
        return stored(accessKeyId).filter(StoredKey::active).flatMap(this::principal);
    }

    private Optional<Principal> principal(StoredKey key) {
        if (key.userName() == null) {
            return Optional.of(new Principal(Caller.root(key.account(), key.accessKeyId()), key.secretAccessKey()));
        }
        return identities
                .find(EntityKind.USER, key.account(), key.userName())
                .filter(user -> user.id().equals(key.userId()))
                .map(user -> new Principal(
                        Caller.user(key.account(), user.arn(), user.id(), key.accessKeyId()), key.secretAccessKey()));
    }

    /** The key of that id, active or not. */
    Optional<StoredKey> stored(String accessKeyId) {
        return keys.find(GLOBAL, accessKeyId).map(Stored::value);
    }

    /** The account whose key it is; empty when there is no such key. */
    public Optional<String> accountOf(String accessKeyId) {
        return stored(accessKeyId).map(StoredKey::account);
    }

    Optional<Stored<StoredKey>> find(Transaction tx, String accessKeyId) throws SQLException {
        return keys.find(tx, GLOBAL, accessKeyId);
    }

    /** A user's keys in order of their ids. */
    List<StoredKey> ofUser(String userId) {
        return keys.listByIndex(GLOBAL, BY_USER, userId, "", Resources.ALL).items().stream()
                .map(Stored::value)
                .toList();
    }

    List<Stored<StoredKey>> ofUser(Transaction tx, String userId) throws SQLException {
        return keys.listByIndex(tx, GLOBAL, BY_USER, userId, "", Resources.ALL).items();
    }

    boolean hasRootKey(String account) {
        return keys.list(GLOBAL, "", "", Resources.ALL).items().stream()
                .map(Stored::value)
                .anyMatch(key -> key.account().equals(account) && key.userId() == null);
    }

    void update(Transaction tx, Stored<StoredKey> key) throws SQLException {
        keys.update(tx, key);
    }

    void delete(Transaction tx, Stored<StoredKey> key) throws SQLException {
        keys.delete(tx, key);
    }

    /** Makes and stores a key of a user. */
    StoredKey create(Transaction tx, String account, Entity user, long created) throws SQLException {
        StoredKey key = new StoredKey(
                account,
                UniqueIds.next("AKIA", ID_LENGTH),
                UniqueIds.secret(),
                user.id(),
                user.name(),
                "Active",
                created);
        keys.insert(tx, GLOBAL, key.accessKeyId(), key, Map.of(SEALED, "true"));
        return key;
    }

    /** Makes and stores a key of the root of an account. */
    public Principal createRootKey(Transaction tx, String account) throws SQLException {
        StoredKey key =
                new StoredKey(account, UniqueIds.next("AKIA", ID_LENGTH), UniqueIds.secret(), null, null, null, 0);
        keys.insert(tx, GLOBAL, key.accessKeyId(), key, Map.of(SEALED, "true"));
        return new Principal(Caller.root(account, key.accessKeyId()), key.secretAccessKey());
    }
}
