package dev.groundplane.services.iam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * When keys, users and roles were last used, and for which service. Kept in memory and written at most once a minute each,
 * so a crash may lose a minute, as AWS's own figures lag by more. Thread-safe.
 */
final class LastUses {
    private static final Scope GLOBAL = new Scope("", "");
    private static final long SECONDS_BETWEEN_WRITES = 60;
    private static final int MAX_KNOWN = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param seconds of Unix time */
    record Use(long seconds, String service, String region) {
        Instant time() {
            return Instant.ofEpochSecond(seconds);
        }

        private String encode() {
            try {
                return JSON.writeValueAsString(Map.of("seconds", seconds, "service", service, "region", region));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a map of strings and numbers always has a JSON form", e);
            }
        }

        private static Use decode(String json) {
            try {
                return JSON.readValue(json, Use.class);
            } catch (JsonProcessingException e) {
                throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "a stored last use is damaged", e);
            }
        }
    }

    private final Database database;
    private final Resources<Use> stored;
    private final Map<String, Use> known = new ConcurrentHashMap<>();
    private final Map<String, Long> written = new ConcurrentHashMap<>();

    LastUses(Database database, Events events) {
        this.database = database;
        stored = new Resources<>(database, events, ResourceType.of("iam:last-use", Use::encode, Use::decode));
    }

    /** A user's or role's session's call. */
    void note(Caller caller, String action, Instant now) {
        String id = caller.isUser() ? caller.userId() : caller.roleId().orElse("");
        if (id.isEmpty()) {
            return;
        }
        String service = action.substring(0, action.indexOf(':'));
        List<String> regions = caller.circumstances().get("aws:requestedregion");
        Use use = new Use(now.getEpochSecond(), service, regions == null ? "" : regions.getFirst());
        note(caller.account() + "/" + id + "/" + service, use);
        note(caller.account() + "/" + id, use);
        if (caller.isUser()) {
            note(caller.account() + "/" + caller.accessKeyId(), use);
        }
    }

    private void note(String name, Use use) {
        known.put(name, use);
        Long before = written.get(name);
        if (before != null && use.seconds() - before < SECONDS_BETWEEN_WRITES) {
            return;
        }
        if (known.size() > MAX_KNOWN) {
            known.clear();
            written.clear();
        }
        written.put(name, use.seconds());
        database.writeLater(tx -> {
            Optional<Stored<Use>> present = stored.find(tx, GLOBAL, name);
            return present.isPresent()
                    ? stored.update(tx, present.get().with(use))
                    : stored.insert(tx, GLOBAL, name, use, Map.of());
        });
    }

    Optional<Use> ofKey(String account, String accessKeyId) {
        return of(account + "/" + accessKeyId);
    }

    /** @param id the user's or role's unique id */
    Optional<Use> ofEntity(String account, String id) {
        return of(account + "/" + id);
    }

    Optional<Use> ofService(String account, String id, String service) {
        return of(account + "/" + id + "/" + service);
    }

    private Optional<Use> of(String name) {
        Optional<Use> here = Optional.ofNullable(known.get(name));
        if (here.isPresent() && !database.shared()) {
            return here;
        }
        return Stream.of(here, stored.find(GLOBAL, name).map(Stored::value))
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(Use::seconds));
    }
}
