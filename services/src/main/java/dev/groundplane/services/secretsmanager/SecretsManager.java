package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.store.Database;
import dev.groundplane.services.AccessModel;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The part of Secrets Manager that lives as long as the process: the store and the sweep. Thread-safe. */
public final class SecretsManager implements AutoCloseable {
    private final SecretStore store;
    private final SecretVersions versions;
    private final SecretExpiry expiry;
    private final SecretsAccess access;
    private final AccessDecisions decisions;
    private final InstantSource clock;

    /**
     * @param database where secrets are kept
     * @param events where their changes are announced
     * @param encryption seals their values
     * @param decisions decides on each secret that an operation on several finds
     * @param clock tells the time of changes and when a recovery window has passed
     */
    public SecretsManager(
            Database database, Events events, Encryption encryption, AccessDecisions decisions, InstantSource clock) {
        this.decisions = decisions;
        this.clock = clock;
        store = new SecretStore(database, events);
        access = new SecretsAccess(store);
        versions = new SecretVersions(store, new SealedValues(encryption), clock);
        expiry = new SecretExpiry(store, clock);
    }

    /** Starts to remove secrets whose recovery window has passed. */
    public void start() {
        expiry.start();
    }

    /** Secrets Manager on behalf of one call. */
    public SecretsManagerClient client(Call call) {
        return new SecretsManagerService(call, this);
    }

    /** What Secrets Manager's operations ask to do. */
    public AccessModel access() {
        return access;
    }

    /** Whether the caller may do something to a secret that no request named. */
    boolean allowed(Call call, String action, String id) {
        return decisions
                .decide(call.caller(), access.onSecret(call.scope(), action, id, Map.of()))
                .isAllowed();
    }

    SecretStore store() {
        return store;
    }

    SecretVersions versions() {
        return versions;
    }

    SecretExpiry expiry() {
        return expiry;
    }

    InstantSource clock() {
        return clock;
    }

    @Override
    public void close() {
        expiry.close();
    }
}
