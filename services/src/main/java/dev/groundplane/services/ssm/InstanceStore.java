package dev.groundplane.services.ssm;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.util.Map;
import software.amazon.awssdk.services.ssm.model.Activation;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;

/**
 * Activations and managed instances. Both are looked up before their account is known, so all are kept in one scope; the
 * account and region they belong to are an index. Thread-safe.
 */
final class InstanceStore {
    static final Scope GLOBAL = new Scope("", "");

    /** Index and extra: {@code account/region}. */
    static final String SCOPE = "scope";
    /** Index and extra of an instance: the fingerprint of its machine. */
    static final String FINGERPRINT = "fingerprint";

    /** Extra of an activation: the SHA-256 of its code, in hexadecimal. */
    static final String CODE_HASH = "code-hash";
    /** Extra of an instance: its public key, base64 of DER. */
    static final String PUBLIC_KEY = "public-key";
    /** Extra of an instance: when that key was made known, in ISO 8601. */
    static final String KEY_SINCE = "key-since";

    /** Prefix of an instance's extras that are its tags, from its activation. */
    static final String TAG = "tag:";

    private final Database database;
    private final Events events;
    private final Resources<Activation> activations;
    private final Resources<InstanceInformation> instances;

    InstanceStore(Database database, Events events) {
        this.database = database;
        this.events = events;
        WireForm<Activation> activation = WireForm.of(Activation.class, Activation::builder);
        WireForm<InstanceInformation> instance = WireForm.of(InstanceInformation.class, InstanceInformation::builder);
        activations = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "ssm:activation",
                        activation::encode,
                        activation::decode,
                        (value, extra) -> Map.of(SCOPE, extra.getOrDefault(SCOPE, ""))));
        instances = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "ssm:managed-instance",
                        instance::encode,
                        instance::decode,
                        (value, extra) -> Map.of(
                                SCOPE,
                                extra.getOrDefault(SCOPE, ""),
                                FINGERPRINT,
                                extra.getOrDefault(FINGERPRINT, ""))));
    }

    /** Once this is durable, every control plane knows that an instance is no longer one. */
    void tellDeregistered(Transaction tx, Scope scope, String instanceId) {
        tx.announce(events, new ResourceChange(Ssm.DEREGISTERED, scope, instanceId));
    }

    Database database() {
        return database;
    }

    Resources<Activation> activations() {
        return activations;
    }

    Resources<InstanceInformation> instances() {
        return instances;
    }

    static String key(Scope scope) {
        return scope.account() + "/" + scope.region();
    }

    static Scope scope(Map<String, String> extra) {
        String[] parts = extra.getOrDefault(SCOPE, "/").split("/", 2);
        return new Scope(parts[0], parts[1]);
    }
}
