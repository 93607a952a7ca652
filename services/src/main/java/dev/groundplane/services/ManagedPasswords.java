package dev.groundplane.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Passwords of databases' administrators that a service makes itself and keeps in Secrets Manager. A secret is noted before it is
 * made, and the note goes in the transaction that stores the secret's cluster; so the next process finds what one that was killed in between has
 * left. Thread-safe.
 */
public final class ManagedPasswords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SUFFIX = 8;

    /** Extra of a note: the administrator. */
    private static final String USER = "user";

    /** Extra of a note: the process that makes the secret. */
    private static final String PROCESS = "process";

    private final Database database;
    private final Function<Scope, SecretsManagerClient> secrets;
    private final UnaryOperator<String> passwords;
    private final String description;
    /** Names of secrets, by the tokens of the requests that make them. */
    private final Resources<String> notes;

    private final String process = UUID.randomUUID().toString();

    /**
     * A password.
     *
     * @param arn of its secret
     * @param token of the request that made the secret
     */
    public record Made(String password, String arn, String token) {
        /** Keeps the password out of log lines. */
        @Override
        public String toString() {
            return "Made[" + arn + "]";
        }
    }

    /**
     * @param service for its notes
     * @param secrets Secrets Manager on behalf of the service
     * @param passwords the password that belongs to a token, always the same one
     * @param description of each secret
     */
    public ManagedPasswords(
            Database database,
            Events events,
            String service,
            Function<Scope, SecretsManagerClient> secrets,
            UnaryOperator<String> passwords,
            String description) {
        this.database = database;
        this.secrets = secrets;
        this.passwords = passwords;
        this.description = description;
        notes = new Resources<>(database, events, ResourceType.of(service + ":secret", text -> text, text -> text));
    }

    /**
     * Makes one and its secret. {@link #keep} or {@link #abandon} it.
     *
     * @param name the secret's; it gets a suffix where that is taken
     * @param user whose it is
     */
    public Made make(Scope scope, String name, String user) {
        try {
            return make(scope, user, name, UUID.randomUUID().toString());
        } catch (ResourceExistsException e) {
            String token = UUID.randomUUID().toString();
            return make(scope, user, name + "-" + token.substring(0, SUFFIX), token);
        }
    }

    private Made make(Scope scope, String user, String name, String token) {
        database.write(tx -> notes.insert(tx, scope, token, name, Map.of(USER, user, PROCESS, process)));
        try {
            return new Made(passwords.apply(token), create(scope, user, name, token), token);
        } catch (ResourceExistsException e) {
            forget(scope, token);
            throw e;
        }
    }

    /** Idempotent by the token. */
    private String create(Scope scope, String user, String name, String token) {
        return secrets.apply(scope)
                .createSecret(r -> r.name(name)
                        .clientRequestToken(token)
                        .secretString(content(user, token))
                        .description(description))
                .arn();
    }

    private String content(String user, String token) {
        return JSON.createObjectNode()
                .put("username", user)
                .put("password", passwords.apply(token))
                .toString();
    }

    /**
     * Another password for a secret that there is. Whoever stores the token {@link #put}s it into the secret afterwards, again after
     * a crash.
     *
     * @param arn the secret's
     */
    public Made another(String arn) {
        String token = UUID.randomUUID().toString();
        return new Made(passwords.apply(token), arn, token);
    }

    /**
     * Puts a password of {@link #another} into its secret; nothing when it is there, or the secret is gone.
     *
     * @param user whose it is
     */
    public void put(Scope scope, String arn, String token, String user) {
        try {
            secrets.apply(scope)
                    .putSecretValue(
                            r -> r.secretId(arn).clientRequestToken(token).secretString(content(user, token)));
        } catch (ResourceNotFoundException | InvalidRequestException gone) {
            // Somebody has deleted it; the server has the password nevertheless, and can be given another one.
        }
    }

    /** The secret is that of a cluster which this transaction stores. */
    public void keep(Transaction tx, Scope scope, Made made) throws SQLException {
        notes.deleteIfPresent(tx, scope, made.token());
    }

    /** There is no cluster that the secret is of. */
    public void abandon(Scope scope, Made made) {
        remove(scope, made.arn());
        forget(scope, made.token());
    }

    private void forget(Scope scope, String token) {
        database.write(tx -> notes.deleteIfPresent(tx, scope, token));
    }

    /** Removes the secrets that a process has left which was killed before their clusters were stored. */
    public void removeAbandoned() {
        for (Stored<String> note : notes.all()) {
            if (!process.equals(note.extra().get(PROCESS))) {
                remove(note);
            }
        }
    }

    /** Makes the secret again, which tells its ARN. */
    private void remove(Stored<String> note) {
        String user = note.extra().getOrDefault(USER, "");
        try {
            remove(note.scope(), create(note.scope(), user, note.value(), note.name()));
        } catch (ResourceExistsException | InvalidRequestException e) {
            // The name is another secret's, and this one was never made; or somebody has deleted it, and it ends by
            // itself.
        }
        forget(note.scope(), note.name());
    }

    /** Removes a secret at once; nothing when it is gone. */
    public void remove(Scope scope, String arn) {
        try {
            secrets.apply(scope).deleteSecret(r -> r.secretId(arn).forceDeleteWithoutRecovery(true));
        } catch (ResourceNotFoundException gone) {
            // as wanted
        }
    }
}
