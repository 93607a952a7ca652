package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysRequest;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysResponse;
import software.amazon.awssdk.services.cloudtrail.model.PublicKey;

/**
 * The RSA key pairs that sign digests: one per account and region, made with the first digest. The private key lies sealed
 * in the store. Thread-safe.
 */
final class DigestKeys {
    static final String ALGORITHM = "SHA256withRSA";

    private static final String SEALED_AS = "cloudtrail:digest-key";
    private static final int BITS = 2048;
    private static final int FINGERPRINT_BYTES = 16;
    /** The keys do not change, and AWS's answer must say when one ends. */
    private static final Duration VALIDITY = Duration.ofDays(36_500);

    private final TrailStore store;
    private final Encryption encryption;
    private final InstantSource clock;

    DigestKeys(TrailStore store, Encryption encryption, InstantSource clock) {
        this.store = store;
        this.encryption = encryption;
        this.clock = clock;
    }

    /** The fingerprint of the key that signs in an account and region. */
    String fingerprint(Scope scope) {
        return key(scope).name();
    }

    /** Signs, in hexadecimal. The same text has the same signature (RFC 8017, RSASSA-PKCS1-v1_5). */
    String sign(Scope scope, String text) {
        Stored<DigestKey> key = key(scope);
        try {
            byte[] der = Base64.getDecoder()
                    .decode(encryption.open(SEALED_AS, key.name(), key.value().privateKey()));
            PrivateKey signer = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(signer);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(signature.sign());
        } catch (SealedException e) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR, "the key that signs digests cannot be opened: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM cannot sign with " + ALGORITHM, e);
        }
    }

    private Stored<DigestKey> key(Scope scope) {
        List<Stored<DigestKey>> known =
                store.keys().list(scope, "", "", Resources.ALL).items();
        return known.isEmpty() ? make(scope) : known.getFirst();
    }

    private Stored<DigestKey> make(Scope scope) {
        KeyPair pair = generate();
        byte[] der = DigestKey.pkcs1((RSAPublicKey) pair.getPublic());
        String fingerprint = HexFormat.of().formatHex(Content.sha256(der), 0, FINGERPRINT_BYTES);
        Base64.Encoder base64 = Base64.getEncoder();
        DigestKey made = new DigestKey(
                base64.encodeToString(der),
                encryption.seal(
                        SEALED_AS,
                        fingerprint,
                        base64.encodeToString(pair.getPrivate().getEncoded())),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return store.database().write(tx -> {
            List<Stored<DigestKey>> other =
                    store.keys().list(tx, scope, "", "", Resources.ALL).items();
            return other.isEmpty() ? store.keys().insert(tx, scope, fingerprint, made, Map.of()) : other.getFirst();
        });
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, "this JVM has no RSA", e);
        }
    }

    /** The public keys that signed digests in a time. Source: AWS CloudTrail API Reference, ListPublicKeys. */
    ListPublicKeysResponse list(Scope scope, ListPublicKeysRequest request) {
        TrailName.supported(request, "StartTime", "EndTime");
        Instant from = Objects.requireNonNullElse(request.startTime(), clock.instant());
        Instant to = Objects.requireNonNullElse(request.endTime(), clock.instant());
        if (from.isAfter(to)) {
            throw InvalidTimeRangeException.builder()
                    .message("StartTime %s is after EndTime %s".formatted(from, to))
                    .build();
        }
        List<PublicKey> keys = store.keys().list(scope, "", "", Resources.ALL).items().stream()
                .map(DigestKeys::answer)
                .filter(key -> !key.validityStartTime().isAfter(to)
                        && !key.validityEndTime().isBefore(from))
                .toList();
        return ListPublicKeysResponse.builder().publicKeyList(keys).build();
    }

    private static PublicKey answer(Stored<DigestKey> key) {
        Instant since = Instant.parse(key.value().since());
        return PublicKey.builder()
                .value(SdkBytes.fromByteArray(
                        Base64.getDecoder().decode(key.value().publicKey())))
                .fingerprint(key.name())
                .validityStartTime(since)
                .validityEndTime(since.plus(VALIDITY))
                .build();
    }
}
