package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;

/** Secrets by name, their versions by {@code name:version}, and how callers may name a secret. Thread-safe. */
final class SecretStore {
    /** Index and extra of secrets that are scheduled for deletion: when, in a form whose text order is time order. */
    static final String EXPIRES = "expires";

    /** Extra: the resource policy's text. */
    static final String POLICY = "policy";

    private static final Pattern ACCOUNT = Pattern.compile("arn:aws:secretsmanager:([a-z0-9-]+):([0-9]{12}):secret:.*");
    private static final Pattern WITH_SUFFIX = Pattern.compile("(.+)-[A-Za-z0-9]{6}");

    private final Database database;
    private final Resources<SecretListEntry> secrets;
    private final Resources<SecretVersionsListEntry> versions;

    SecretStore(Database database, Events events) {
        this.database = database;
        WireForm<SecretListEntry> secret = WireForm.of(SecretListEntry.class, SecretListEntry::builder);
        WireForm<SecretVersionsListEntry> version =
                WireForm.of(SecretVersionsListEntry.class, SecretVersionsListEntry::builder);
        secrets = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "secretsmanager:secret",
                        secret::encode,
                        secret::decode,
                        (value, extra) -> extra.containsKey(EXPIRES) ? Map.of(EXPIRES, extra.get(EXPIRES)) : Map.of()));
        versions = new Resources<>(
                database, events, ResourceType.of("secretsmanager:secret-version", version::encode, version::decode));
    }

    static String expiry(Instant at) {
        return "%015d".formatted(at.toEpochMilli());
    }

    Database database() {
        return database;
    }

    Resources<SecretListEntry> secrets() {
        return secrets;
    }

    Resources<SecretVersionsListEntry> versions() {
        return versions;
    }

    /** What the names of a secret's versions begin with. A secret's name has no colon. */
    static String versionPrefix(String secret) {
        return secret + ":";
    }

    /**
     * The secret that a caller names.
     *
     * @param id a name, an ARN, or an ARN without the hyphen and the six characters at its end
     */
    Optional<Secret> find(Scope caller, String id) {
        Scope scope = place(caller, id);
        for (String name : names(scope, id)) {
            Optional<Secret> found = secrets.find(scope, name).map(Secret::new).filter(s -> s.answersTo(id));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The secret that a caller names, as the open transaction sees it. */
    Optional<Secret> find(Transaction tx, Scope caller, String id) throws SQLException {
        Scope scope = place(caller, id);
        for (String name : names(scope, id)) {
            Optional<Secret> found =
                    secrets.find(tx, scope, name).map(Secret::new).filter(s -> s.answersTo(id));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Where a secret lies: an ARN may name another account's, which policy has decided about. */
    static Scope place(Scope caller, String id) {
        Matcher parts = ACCOUNT.matcher(id);
        return parts.matches() && parts.group(1).equals(caller.region())
                ? new Scope(parts.group(2), caller.region())
                : caller;
    }

    /** The names that may be meant, in the order in which AWS tries them: a whole ARN before one without its ending. */
    private static List<String> names(Scope scope, String id) {
        if (!Arns.isArn(id)) {
            return List.of(id);
        }
        String prefix = scope.arn("secretsmanager", "secret:");
        if (!id.startsWith(prefix)) {
            return List.of();
        }
        String rest = id.substring(prefix.length());
        Matcher suffixed = WITH_SUFFIX.matcher(rest);
        return suffixed.matches() ? List.of(suffixed.group(1), rest) : List.of(rest);
    }

    /** @throws software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException when there is none */
    Secret require(Transaction tx, Scope scope, String id) throws SQLException {
        return find(tx, scope, id).orElseThrow(SecretErrors::notFound);
    }

    /** Removes a secret with all its versions. */
    void remove(Transaction tx, Secret secret) throws SQLException {
        Scope scope = secret.stored().scope();
        for (Stored<SecretVersionsListEntry> version : versions.list(
                        tx, scope, versionPrefix(secret.name()), "", Resources.ALL)
                .items()) {
            versions.delete(tx, version);
        }
        secrets.delete(tx, secret.stored());
    }
}
