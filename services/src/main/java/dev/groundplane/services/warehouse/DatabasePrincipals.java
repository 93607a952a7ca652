package dev.groundplane.services.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Users, groups and roles of namespaces' databases, as the warehouse describes them, with the verifiers of users' passwords. The
 * warehouse knows what they mean; here they have ids, and names that are taken once. Thread-safe.
 */
public final class DatabasePrincipals {
    /** The administrator's id. It has no row: the service that made the warehouse has its name and password. */
    private static final int ADMINISTRATOR = 100;

    private static final List<String> KINDS = List.of("user", "group", "role");
    private static final String ALWAYS = "infinity";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WarehouseStore store;
    private final InstantSource clock;

    /** @param clock tells which passwords have ended */
    DatabasePrincipals(WarehouseStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * All of a namespace, in lists {@code users}, {@code groups} and {@code roles}.
     *
     * @param administrator the name of the user that has no row
     */
    ObjectNode read(Scope scope, String namespaceId, String administrator) {
        return all(
                administrator,
                store.principals()
                        .list(scope, namespaceId + "/", "", Resources.ALL)
                        .items());
    }

    private static ObjectNode all(String administrator, List<Stored<String>> rows) {
        ObjectNode answer = JSON.createObjectNode();
        KINDS.forEach(kind -> answer.putArray(kind + "s"));
        answer.withArray("users").add(user(ADMINISTRATOR, administrator, true));
        for (Stored<String> row : rows) {
            answer.withArray(row.name().split("/")[1] + "s").add(parsed(row.value()));
        }
        return answer;
    }

    private static ObjectNode user(int id, String name, boolean superuser) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("name", name)
                .put("superuser", superuser)
                .put("createDatabase", superuser)
                .put("validUntil", ALWAYS)
                .put("connectionLimit", -1);
    }

    private static ObjectNode parsed(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored principal is not JSON", e);
        }
    }

    /**
     * Makes changes, all or none, and records them with the call.
     *
     * @param administrator the name of the user that has no row
     * @param changes each with {@code kind} and {@code put}, an object whose id is 0 when it is new, perhaps with a {@code
     *     verifier}; or {@code remove}, an id
     * @return all of the namespace afterwards
     * @throws NameTakenException when a name is taken
     * @throws NoSuchPrincipalException when what is to be changed is not there
     */
    ObjectNode change(Call call, String namespaceId, String administrator, JsonNode changes) {
        return call.commit(tx -> {
            for (JsonNode change : changes) {
                change(tx, call.scope(), namespaceId, administrator, change);
            }
            return all(administrator, rows(tx, call.scope(), namespaceId));
        });
    }

    private List<Stored<String>> rows(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        return store.principals()
                .list(tx, scope, namespaceId + "/", "", Resources.ALL)
                .items();
    }

    private void change(Transaction tx, Scope scope, String namespaceId, String administrator, JsonNode change)
            throws SQLException {
        String kind = change.path("kind").asText();
        if (!KINDS.contains(kind)) {
            throw new IllegalArgumentException("kind '%s' must be one of %s".formatted(kind, KINDS));
        }
        if (change.has("remove")) {
            store.principals()
                    .deleteIfPresent(
                            tx,
                            scope,
                            row(namespaceId, kind, change.path("remove").asInt()));
            return;
        }
        ObjectNode value = change.path("put").deepCopy();
        Optional<String> verifier =
                change.has("verifier") ? Optional.of(change.path("verifier").asText()) : Optional.empty();
        requireFree(tx, scope, namespaceId, administrator, kind, value);
        if (value.path("id").asInt() == 0) {
            insert(tx, scope, namespaceId, kind, value, verifier.orElse(""));
            return;
        }
        Optional<Stored<String>> found = store.principals()
                .find(tx, scope, row(namespaceId, kind, value.path("id").asInt()));
        if (found.isEmpty()) {
            throw new NoSuchPrincipalException(kind + " " + value.path("name").asText());
        }
        Stored<String> update = found.get()
                .with(value.toString())
                .withExtra(
                        WarehouseStore.PRINCIPAL,
                        index(namespaceId, kind, value.path("name").asText()));
        store.principals()
                .update(tx, verifier.isPresent() ? update.withExtra(WarehouseStore.VERIFIER, verifier.get()) : update);
    }

    private void requireFree(
            Transaction tx, Scope scope, String namespaceId, String administrator, String kind, ObjectNode value)
            throws SQLException {
        String name = value.path("name").asText();
        Optional<Stored<String>> holder = find(tx, scope, namespaceId, kind, name);
        boolean taken = holder.isPresent()
                && parsed(holder.get().value()).path("id").asInt()
                        != value.path("id").asInt();
        if (taken || (kind.equals("user") && name.equals(administrator))) {
            throw new NameTakenException(kind, name);
        }
    }

    /** Whether a namespace has a user of that name, who is not its administrator. */
    public boolean hasUser(Transaction tx, Scope scope, String namespaceId, String name) throws SQLException {
        return find(tx, scope, namespaceId, "user", name).isPresent();
    }

    private Optional<Stored<String>> find(Transaction tx, Scope scope, String namespaceId, String kind, String name)
            throws SQLException {
        return store
                .principals()
                .listByIndex(tx, scope, WarehouseStore.PRINCIPAL, index(namespaceId, kind, name), "", 1)
                .items()
                .stream()
                .findFirst();
    }

    private void insert(Transaction tx, Scope scope, String namespaceId, String kind, ObjectNode value, String verifier)
            throws SQLException {
        int id = store.nextPrincipal(tx, scope, namespaceId, ADMINISTRATOR);
        value.put("id", id);
        put(tx, scope, namespaceId, kind, value, id, verifier);
    }

    private void put(
            Transaction tx, Scope scope, String namespaceId, String kind, ObjectNode value, int id, String verifier)
            throws SQLException {
        store.principals()
                .insert(
                        tx,
                        scope,
                        row(namespaceId, kind, id),
                        value.toString(),
                        Map.of(
                                WarehouseStore.PRINCIPAL,
                                index(namespaceId, kind, value.path("name").asText()),
                                WarehouseStore.VERIFIER,
                                verifier));
    }

    /** Makes a user without a password and without any rights, unless it is there. */
    public void require(Transaction tx, Scope scope, String namespaceId, String user) throws SQLException {
        if (find(tx, scope, namespaceId, "user", user).isEmpty()) {
            insert(tx, scope, namespaceId, "user", user(0, user, false), "");
        }
    }

    /**
     * All of a namespace with their passwords' verifiers.
     *
     * @param administrator the name of the user that has no row
     * @param verifier of that one's password; empty for none
     */
    public NamespaceUsers copy(Transaction tx, Scope scope, String namespaceId, String administrator, String verifier)
            throws SQLException {
        return new NamespaceUsers(
                administrator,
                verifier,
                rows(tx, scope, namespaceId).stream()
                        .map(row -> new NamespaceUsers.Principal(
                                row.name().split("/")[1],
                                row.value(),
                                row.extra().getOrDefault(WarehouseStore.VERIFIER, "")))
                        .toList(),
                store.lastPrincipal(tx, scope, namespaceId));
    }

    /** Has a namespace have those of a backup, and no others. Ids that were given since then are not given again. */
    public void replace(Transaction tx, Scope scope, String namespaceId, NamespaceUsers users) throws SQLException {
        for (Stored<String> row : rows(tx, scope, namespaceId)) {
            store.principals().delete(tx, row);
        }
        for (NamespaceUsers.Principal principal : users.principals()) {
            ObjectNode value = parsed(principal.value());
            put(
                    tx,
                    scope,
                    namespaceId,
                    principal.kind(),
                    value,
                    value.path("id").asInt(),
                    principal.verifier());
        }
        store.keepPrincipalsAfter(tx, scope, namespaceId, users.lastId());
    }

    /** Removes all of a namespace. */
    public void removeAll(Transaction tx, Scope scope, String namespaceId) throws SQLException {
        for (Stored<String> row : rows(tx, scope, namespaceId)) {
            store.principals().delete(tx, row);
        }
        store.forgetPrincipals(tx, scope, namespaceId);
    }

    /** The verifier of a user's password, if it has one that has not ended. */
    List<ScramVerifier> verifiers(Scope scope, String namespaceId, String user) {
        return store
                .principals()
                .listByIndex(scope, WarehouseStore.PRINCIPAL, index(namespaceId, "user", user), "", 1)
                .items()
                .stream()
                .filter(row -> isValid(parsed(row.value()).path("validUntil").asText(ALWAYS)))
                .map(row -> row.extra().getOrDefault(WarehouseStore.VERIFIER, ""))
                .filter(verifier -> !verifier.isEmpty())
                .map(ScramVerifier::parse)
                .toList();
    }

    private boolean isValid(String until) {
        return until.equals(ALWAYS) || clock.instant().isBefore(Instant.parse(until));
    }

    private static String row(String namespaceId, String kind, int id) {
        return "%s/%s/%010d".formatted(namespaceId, kind, id);
    }

    private static String index(String namespaceId, String kind, String name) {
        return namespaceId + "/" + kind + "/" + name;
    }
}
