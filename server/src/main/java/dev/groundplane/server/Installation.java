package dev.groundplane.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.iam.AccessKeys;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

/**
 * What an installation is made with on its first start and keeps: its account and the root's access key.
 *
 * @param account twelve digits
 * @param rootAccessKeyId the key that {@code groundplane env} prints
 */
record Installation(String account, String rootAccessKeyId) {
    private static final Scope GLOBAL = new Scope("", "");
    private static final String NAME = "installation";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType<Installation> TYPE =
            ResourceType.of("platform:installation", Installation::encode, Installation::decode);

    /** Extra: the id of the key that seals what the database must not show. */
    private static final String KEY_ID = "key-id";

    /** Whether the database holds an installation. */
    static boolean isIn(Database database, Events events) {
        return new Resources<>(database, events, TYPE).find(GLOBAL, NAME).isPresent();
    }

    /**
     * The installation that the database holds; made anew in an empty one.
     *
     * @param keyId which key seals what is stored
     * @throws GroundplaneException when what is stored was sealed with another key
     */
    static Installation of(Database database, Events events, AccessKeys keys, String keyId) {
        Resources<Installation> installations = new Resources<>(database, events, TYPE);
        Optional<Stored<Installation>> known = installations.find(GLOBAL, NAME);
        Stored<Installation> installation = known.filter(
                        stored -> stored.extra().containsKey(KEY_ID))
                .orElseGet(() -> database.write(tx -> {
                    Optional<Stored<Installation>> now = installations.find(tx, GLOBAL, NAME);
                    if (now.isEmpty()) {
                        return installations.insert(tx, GLOBAL, NAME, make(tx, keys), Map.of(KEY_ID, keyId));
                    }
                    return now.get().extra().containsKey(KEY_ID)
                            ? now.get()
                            : installations.update(tx, now.get().withExtra(KEY_ID, keyId));
                }));
        if (!keyId.equals(installation.extra().get(KEY_ID))) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "the secret key %s is not the one that the database was encrypted with, which is %s; copy that one from"
                                    .formatted(keyId, installation.extra().get(KEY_ID))
                            + " another control plane that uses this database, or name it with --secret-key-file");
        }
        return installation.value();
    }

    private static Installation make(Transaction tx, AccessKeys keys) throws SQLException {
        String account = Long.toString(100_000_000_000L + new SecureRandom().nextLong(900_000_000_000L));
        return new Installation(
                account, keys.createRootKey(tx, account).caller().accessKeyId());
    }

    private String encode() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    private static Installation decode(String json) {
        try {
            return JSON.readValue(json, Installation.class);
        } catch (JsonProcessingException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "the stored installation is damaged", e);
        }
    }
}
