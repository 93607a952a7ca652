package dev.groundplane.services.ssm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.groundplane.platform.Call;
import dev.groundplane.platform.audit.RecordedResponse;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ssm.model.Activation;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.ResourceType;
import software.amazon.awssdk.services.ssm.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * How a machine becomes a managed instance, and gets credentials as one: with an activation it makes its public key known,
 * and with the private key it asks for the credentials of its role. Source: the AWS SSM agent's {@code agent/ssm}.
 * Thread-safe.
 */
public final class InstanceProtocol {
    private static final Duration TOKEN_VALIDITY = Duration.ofHours(1);
    private static final Duration KEY_VALIDITY = Duration.ofDays(30);
    private static final int MAX_FINGERPRINT = 128;
    private static final int ID_BYTES = 9;
    private static final int ID_CHARACTERS = 17;

    /**
     * A request to register.
     *
     * @param publicKey RSA, base64 of DER's SubjectPublicKeyInfo
     * @param publicKeyType {@code Rsa}
     * @param fingerprint what the machine tells itself from others by
     */
    public record Registration(
            String activationId, String activationCode, String publicKey, String publicKeyType, String fingerprint) {
        /** Keeps the code out of log lines. */
        @Override
        public String toString() {
            return "Registration[" + activationId + "]";
        }
    }

    /** Who a machine is from now on. */
    public record Registered(String instanceId) implements RecordedResponse {
        @Override
        public String recordJson() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("instanceId", instanceId)
                    .toString();
        }
    }

    /**
     * The credentials of an instance's role.
     *
     * @param updateKeyPair whether the instance should make itself a new key
     */
    public record RoleToken(Credentials credentials, boolean updateKeyPair) implements RecordedResponse {
        @Override
        public String recordJson() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("accessKeyId", credentials.accessKeyId())
                    .put("tokenExpirationDate", credentials.expiration().toString())
                    .toString();
        }
    }

    /** What an instance tells of itself; empty for what it does not tell. */
    public record Information(
            String agentVersion,
            String computerName,
            String ipAddress,
            String platformType,
            String platformName,
            String platformVersion) {}

    /** An instance's place and the key that its requests are verified with. */
    public record Identity(Scope scope, RSAPublicKey publicKey) {}

    private final InstanceStore store;
    private final Activations activations;
    private final Function<Scope, StsClient> sts;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, CompletableFuture<String>> awaited = new ConcurrentHashMap<>();

    InstanceProtocol(
            InstanceStore store, Activations activations, Function<Scope, StsClient> sts, InstantSource clock) {
        this.store = store;
        this.activations = activations;
        this.sts = sts;
        this.clock = clock;
    }

    /** The account and region of an activation; empty when there is none of that id. */
    public Optional<Scope> scopeOf(String activationId) {
        return store.activations()
                .find(InstanceStore.GLOBAL, activationId)
                .map(found -> InstanceStore.scope(found.extra()));
    }

    /** Who signs as that instance; empty when it is not, or no longer, registered. */
    public Optional<Identity> identity(String instanceId) {
        return store.instances()
                .find(InstanceStore.GLOBAL, instanceId)
                .map(found -> new Identity(
                        InstanceStore.scope(found.extra()),
                        PublicKeys.read("Rsa", found.extra().getOrDefault(InstanceStore.PUBLIC_KEY, ""))));
    }

    /** Whether an instance is registered. */
    public boolean isRegistered(String instanceId) {
        return instanceScope(instanceId).isPresent();
    }

    /** The account and region where an instance is registered; empty when it is not. */
    public Optional<Scope> instanceScope(String instanceId) {
        return store.instances()
                .find(InstanceStore.GLOBAL, instanceId)
                .map(found -> InstanceStore.scope(found.extra()));
    }

    /** Completes with the id of the first instance that registers with an activation from now on. */
    public CompletableFuture<String> registered(String activationId) {
        return awaited.computeIfAbsent(activationId, id -> new CompletableFuture<>());
    }

    /**
     * Registers a machine. Idempotent: the same fingerprint with the same key is the same instance, also when its activation
     * is used up, so that an answer may be lost.
     *
     * @throws dev.groundplane.wire.WireException {@code InvalidActivation}, {@code ActivationExpired},
     *     {@code RegistrationLimitExceeded}, {@code InstanceAlreadyRegistered} or {@code InvalidPublicKey}
     */
    public Registered register(Call call, Registration request) {
        PublicKeys.read(request.publicKeyType(), request.publicKey());
        if (request.fingerprint().isEmpty() || request.fingerprint().length() > MAX_FINGERPRINT) {
            throw SsmErrors.protocol(
                    "ValidationException", "Fingerprint must have 1 to %d characters", MAX_FINGERPRINT);
        }
        return call.commit(tx -> {
            Stored<Activation> activation = activations
                    .open(tx, request.activationId(), request.activationCode())
                    .orElseThrow(() -> SsmErrors.protocol(
                            "InvalidActivation",
                            "There is no activation %s with that code; it may have been deleted",
                            request.activationId()));
            Registered registered = again(tx, request).orElse(null);
            if (registered == null) {
                activations.use(tx, activation);
                registered = insert(tx, activation, request);
            }
            String id = registered.instanceId();
            tx.afterCommit(() -> announce(request.activationId(), id));
            return registered;
        });
    }

    private void announce(String activationId, String instanceId) {
        CompletableFuture<String> waiting = awaited.get(activationId);
        if (waiting != null) {
            waiting.complete(instanceId);
        }
    }

    private Optional<Registered> again(Transaction tx, Registration request) throws SQLException {
        Optional<Stored<InstanceInformation>> known = store
                .instances()
                .listByIndex(tx, InstanceStore.GLOBAL, InstanceStore.FINGERPRINT, request.fingerprint(), "", 1)
                .items()
                .stream()
                .findFirst();
        if (known.isPresent() && !request.publicKey().equals(known.get().extra().get(InstanceStore.PUBLIC_KEY))) {
            throw SsmErrors.protocol(
                    "InstanceAlreadyRegistered",
                    "A machine with the fingerprint %s is registered as %s with another key; deregister it first",
                    request.fingerprint(),
                    known.get().name());
        }
        return known.map(found -> new Registered(found.name()));
    }

    private Registered insert(Transaction tx, Stored<Activation> activation, Registration request) throws SQLException {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = "mi-" + HexFormat.of().formatHex(bytes).substring(0, ID_CHARACTERS);
        Activation from = activation.value();
        Instant now = clock.instant();
        InstanceInformation instance = InstanceInformation.builder()
                .instanceId(id)
                .activationId(from.activationId())
                .iamRole(from.iamRole())
                .registrationDate(now)
                .lastPingDateTime(now)
                .resourceType(ResourceType.MANAGED_INSTANCE)
                .name(from.defaultInstanceName())
                .build();
        Map<String, String> extra = new HashMap<>();
        extra.put(InstanceStore.SCOPE, activation.extra().getOrDefault(InstanceStore.SCOPE, ""));
        extra.put(InstanceStore.FINGERPRINT, request.fingerprint());
        extra.put(InstanceStore.PUBLIC_KEY, request.publicKey());
        extra.put(InstanceStore.KEY_SINCE, now.toString());
        for (Tag tag : from.tags()) {
            extra.put(InstanceStore.TAG + tag.key(), tag.value());
        }
        store.instances().insert(tx, InstanceStore.GLOBAL, id, instance, extra);
        return new Registered(id);
    }

    /**
     * Makes credentials of the instance's role.
     *
     * @param call signed by the instance itself
     * @throws dev.groundplane.wire.WireException {@code MachineFingerprintDoesNotMatch}, {@code InvalidInstanceId}, or
     *     {@code AccessDeniedException} when its role is gone or no longer trusts SSM
     */
    public RoleToken roleToken(Call call, String instanceId, String fingerprint) {
        Stored<InstanceInformation> known =
                store.instances().find(InstanceStore.GLOBAL, instanceId).orElseThrow(() -> notExisting(instanceId));
        if (!fingerprint.equals(known.extra().get(InstanceStore.FINGERPRINT))) {
            throw SsmErrors.protocol(
                    "MachineFingerprintDoesNotMatch", "%s was registered by another machine", instanceId);
        }
        Credentials credentials = assume(call.scope(), known.value());
        boolean old = Instant.parse(known.extra().getOrDefault(InstanceStore.KEY_SINCE, Instant.EPOCH.toString()))
                .plus(KEY_VALIDITY)
                .isBefore(clock.instant());
        return call.commit(tx -> {
            Stored<InstanceInformation> stored = require(tx, instanceId);
            store.instances()
                    .update(
                            tx,
                            stored.with(stored.value().toBuilder()
                                    .lastPingDateTime(clock.instant())
                                    .build()));
            return new RoleToken(credentials, old);
        });
    }

    private Credentials assume(Scope scope, InstanceInformation instance) {
        String role = "arn:aws:iam::%s:role/%s".formatted(scope.account(), instance.iamRole());
        try (StsClient client = sts.apply(scope)) {
            return client.assumeRole(r -> r.roleArn(role)
                            .roleSessionName(instance.instanceId())
                            .durationSeconds((int) TOKEN_VALIDITY.toSeconds()))
                    .credentials();
        } catch (AwsServiceException e) {
            throw SsmErrors.protocol(
                    "AccessDeniedException",
                    "%s cannot have its role %s: it is gone, or no longer trusts %s; name another with"
                            + " update-managed-instance-role",
                    instance.instanceId(),
                    instance.iamRole(),
                    Activations.PRINCIPAL);
        }
    }

    /** Replaces an instance's key; its next request must be signed with the new one. Idempotent. */
    public Registered updatePublicKey(Call call, String instanceId, String publicKey, String publicKeyType) {
        PublicKeys.read(publicKeyType, publicKey);
        return call.commit(tx -> {
            Stored<InstanceInformation> stored = require(tx, instanceId);
            store.instances()
                    .update(
                            tx,
                            stored.withExtra(InstanceStore.PUBLIC_KEY, publicKey)
                                    .withExtra(
                                            InstanceStore.KEY_SINCE,
                                            clock.instant().toString()));
            return new Registered(instanceId);
        });
    }

    /** Keeps what an instance tells of itself, and that it is there. */
    public Registered updateInformation(Call call, String instanceId, Information told) {
        return call.commit(tx -> {
            Stored<InstanceInformation> stored = require(tx, instanceId);
            InstanceInformation instance = stored.value().toBuilder()
                    .agentVersion(told.agentVersion())
                    .isLatestVersion(true)
                    .computerName(told.computerName())
                    .ipAddress(told.ipAddress())
                    .platformType(told.platformType())
                    .platformName(told.platformName())
                    .platformVersion(told.platformVersion())
                    .lastPingDateTime(clock.instant())
                    .build();
            store.instances().update(tx, stored.with(instance));
            return new Registered(instanceId);
        });
    }

    private Stored<InstanceInformation> require(Transaction tx, String instanceId) throws SQLException {
        return store.instances().find(tx, InstanceStore.GLOBAL, instanceId).orElseThrow(() -> notExisting(instanceId));
    }

    private static RuntimeException notExisting(String instanceId) {
        return SsmErrors.protocol("InvalidInstanceId", "Not existing InstanceId %s", instanceId);
    }
}
