package dev.groundplane.services.iam;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The long-term access keys of the installation, all of them account roots'. Thread-safe. */
public final class AccessKeys {
    /** Keys are looked up before their account is known, so all are kept in one scope. */
    private static final Scope GLOBAL = new Scope("", "");

    private static final ResourceType<Principal> TYPE =
            ResourceType.of("iam:access-key", Principal::encode, Principal::decode);
    private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ID_LENGTH = 16;
    private static final int SECRET_BYTES = 30;

    private final Resources<Principal> keys;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param database where the keys are kept
     * @param events tells of changed keys
     */
    public AccessKeys(Database database, Events events) {
        this.keys = new Resources<>(database, events, TYPE);
    }

    /** The principal that a key belongs to; empty when there is no such key. */
    public Optional<Principal> find(String accessKeyId) {
        return keys.find(GLOBAL, accessKeyId).map(Stored::value);
    }

    /** Makes and stores a key of the root of an account. */
    public Principal createRootKey(Transaction tx, String account) throws SQLException {
        Principal principal = new Principal(Caller.root(account, newId()), newSecret());
        keys.insert(tx, GLOBAL, principal.caller().accessKeyId(), principal, Map.of());
        return principal;
    }

    private String newId() {
        StringBuilder id = new StringBuilder("AKIA");
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }

    private String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
