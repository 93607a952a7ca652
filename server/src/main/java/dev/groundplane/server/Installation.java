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
import dev.groundplane.services.iam.AccessKeys;
import dev.groundplane.services.iam.Principal;
import java.security.SecureRandom;
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

    /** The installation that the database holds; made anew in an empty one. */
    static Installation of(Database database, Events events, AccessKeys keys) {
        Resources<Installation> installations = new Resources<>(database, events, TYPE);
        Optional<Stored<Installation>> known = installations.find(GLOBAL, NAME);
        if (known.isPresent()) {
            return known.get().value();
        }
        SecureRandom random = new SecureRandom();
        String account = Long.toString(100_000_000_000L + random.nextLong(900_000_000_000L));
        Principal root = keys.createRootKey(account);
        Installation made = new Installation(account, root.caller().accessKeyId());
        database.write(tx -> installations.insert(tx, GLOBAL, NAME, made, Map.of()));
        return made;
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
