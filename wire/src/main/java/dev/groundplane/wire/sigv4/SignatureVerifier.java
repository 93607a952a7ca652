package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.internal.signer.CredentialScope;
import software.amazon.awssdk.http.auth.aws.internal.signer.V4CanonicalRequest;
import software.amazon.awssdk.http.auth.aws.internal.signer.util.SignerUtils;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Checks Signature Version 4: time window, payload hash, signature. Source: AWS's "Signature Version 4 signing process".
 * Thread-safe.
 */
public final class SignatureVerifier {
    /** How far a header signature's time may be from ours, either way. */
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);

    /** Amazon S3 allows more. Source: its API Reference, "RequestTimeTooSkewed". */
    private static final Duration S3_MAX_SKEW = Duration.ofMinutes(15);

    private static final int MAX_CACHED_KEYS = 10_000;
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private record KeyScope(String accessKeyId, String secret, String date, String region, String service) {}

    private final InstantSource clock;
    private final Map<KeyScope, byte[]> signingKeys = new ConcurrentHashMap<>();

    /** @param clock tells the time that signatures are compared with */
    public SignatureVerifier(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Returns normally when {@code signature} is a valid signature of {@code request} under {@code secret}.
     *
     * @throws WireException {@code InvalidSignatureException} / {@code SignatureDoesNotMatch} when it is not, or was signed
     *     too long ago or too far in the future
     */
    public void verify(WireRequest request, Signature signature, String secret) {
        if (signature.ofVersion2()) {
            verifyVersion2(request, signature, secret);
            return;
        }
        String toSign = stringToSign(request, signature, Set.of());
        String expected = HexFormat.of().formatHex(SignerUtils.computeSignature(toSign, signingKey(signature, secret)));
        if (!MessageDigest.isEqual(bytes(expected), bytes(signature.signature()))) {
            throw doesNotMatch();
        }
    }

    /**
     * Returns normally when {@code signature} is a managed instance's signature of {@code request}: what Signature Version 4
     * signs, but signed with RSASSA-PSS (SHA-256, salt of 32 bytes) and in base64. Source: the AWS SSM agent's {@code
     * agent/ssm/rsaauth}, which adds x-amz-content-sha256 after it has signed; the hash itself is covered.
     *
     * @throws WireException as {@link #verify(WireRequest, Signature, String)}
     */
    public void verify(WireRequest request, Signature signature, RSAPublicKey key) {
        String toSign = stringToSign(request, signature, Set.of("x-amz-content-sha256"));
        try {
            java.security.Signature pss = java.security.Signature.getInstance("RSASSA-PSS");
            pss.setParameter(PSS);
            pss.initVerify(key);
            pss.update(bytes(toSign));
            if (!pss.verify(Base64.getDecoder().decode(signature.signature()))) {
                throw doesNotMatch();
            }
        } catch (IllegalArgumentException | SignatureException e) {
            throw doesNotMatch();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has RSASSA-PSS with SHA-256", e);
        }
    }

    /**
     * Returns normally when {@code signature} is that of a form's policy under {@code secret}. How long it is valid, the policy
     * says.
     *
     * @param policy in base64, as the form has it
     * @throws WireException {@code SignatureDoesNotMatch}
     */
    public void verifyPolicy(String policy, Signature signature, String secret) {
        boolean matches = signature.ofVersion2()
                ? PresignedV2.isOf(policy, signature, secret)
                : MessageDigest.isEqual(
                        bytes(HexFormat.of()
                                .formatHex(SignerUtils.computeSignature(policy, signingKey(signature, secret)))),
                        bytes(signature.signature()));
        if (!matches) {
            throw doesNotMatch();
        }
    }

    private void verifyVersion2(WireRequest request, Signature signature, String secret) {
        if (!PresignedV2.verify(request, signature, secret)) {
            throw doesNotMatch();
        }
        if (signature.instant().isBefore(clock.instant())) {
            throw WireException.of("AccessDenied", 403, "Request has expired");
        }
    }

    private static WireException doesNotMatch() {
        return mismatch("The request signature we calculated does not match the signature you provided. Check your AWS"
                + " Secret Access Key and signing method. Consult the service documentation for details.");
    }

    private String stringToSign(WireRequest request, Signature signature, Set<String> mayBeUnsigned) {
        checkTime(signature);
        if (!signature.signedHeaders().contains("host")) {
            throw mismatch("'Host' must be a 'SignedHeader' in the AWS Authorization.");
        }
        request.headers().keySet().stream()
                .filter(name -> name.startsWith("x-amz-")
                        && !signature.signedHeaders().contains(name)
                        && !mayBeUnsigned.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw mismatch("'%s' must be a 'SignedHeader' in the AWS Authorization.".formatted(name));
                });
        String canonical;
        try {
            canonical = canonicalRequest(request, signature, payloadHash(request, signature));
        } catch (IllegalArgumentException e) {
            throw mismatch("The request cannot be brought into canonical form: " + e.getMessage());
        }
        return String.join(
                "\n",
                Signature.ALGORITHM,
                signature.timestamp(),
                signature.scope(),
                SignerUtils.hashCanonicalRequest(canonical));
    }

    private void checkTime(Signature signature) {
        Instant now = clock.instant();
        Duration skew = signature.ofS3() ? S3_MAX_SKEW : MAX_SKEW;
        Instant signed = signature.instant();
        Instant until = signed.plus(signature.validity().orElse(skew));
        if (until.isBefore(now)) {
            String expired = "Signature expired: %s is now earlier than %s (%s - %d min.)"
                    .formatted(
                            signature.timestamp(),
                            BASIC.format(now.minus(signature.validity().orElse(skew))),
                            BASIC.format(now),
                            signature.validity().orElse(skew).toMinutes());
            throw !signature.ofS3()
                    ? mismatch(expired)
                    : signature.presigned()
                            ? WireException.of("AccessDenied", 403, "Request has expired")
                            : skewed(signature, now);
        }
        if (signed.isAfter(now.plus(skew))) {
            throw signature.ofS3()
                    ? skewed(signature, now)
                    : mismatch("Signature not yet current: %s is still later than %s (%s + %d min.)"
                            .formatted(
                                    signature.timestamp(),
                                    BASIC.format(now.plus(skew)),
                                    BASIC.format(now),
                                    skew.toMinutes()));
        }
    }

    private static WireException skewed(Signature signature, Instant now) {
        return WireException.of(
                "RequestTimeTooSkewed",
                403,
                "The difference between the request time and the current time is too large: signed at %s, it is %s."
                        .formatted(signature.timestamp(), BASIC.format(now)));
    }

    /**
     * The same request with content that is checked while it is read: against the hash that the signature covers, or chunk by
     * chunk. A body at hand that came in signed chunks is taken out of them.
     *
     * @param request whose signature has been verified with {@code secret}
     * @throws WireException when the form of the content is unknown; reading the content throws it when the content is not
     *     what was signed
     */
    public WireRequest checked(WireRequest request, Signature signature, String secret) {
        return signature.ofVersion2()
                ? request
                : SignedContent.checked(request, signature, signingKey(signature, secret));
    }

    /** The hash that the signature covers; a body that differs from a hash the caller declared is refused. */
    private static String payloadHash(WireRequest request, Signature signature) {
        String declared = request.header("x-amz-content-sha256").orElse("");
        if (signature.ofS3()) {
            return SignedContent.hashInSignature(request, signature, declared);
        }
        if (declared.equals(SignedContent.UNSIGNED)) {
            return declared;
        }
        String actual = HexFormat.of().formatHex(SignerUtils.hash(request.body()));
        if (!declared.isEmpty()
                && signature.signedHeaders().contains("x-amz-content-sha256")
                && !declared.equals(actual)) {
            throw mismatch(
                    "The provided x-amz-content-sha256 header does not match what was computed: declared %s, found %s."
                            .formatted(declared, actual));
        }
        return actual;
    }

    private static String canonicalRequest(WireRequest request, Signature signature, String payloadHash) {
        SdkHttpRequest.Builder http = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.fromValue(request.method()))
                .protocol("http")
                .host("localhost")
                .encodedPath(request.rawPath());
        Map<String, List<String>> query = SdkHttpUtils.uriParams(URI.create("http://x/?" + request.rawQuery()));
        query.forEach((name, values) -> {
            if (!signature.presigned() || !name.equals("X-Amz-Signature")) {
                http.putRawQueryParameter(name, values);
            }
        });
        request.headers().forEach((name, values) -> {
            if (signature.signedHeaders().contains(name)) {
                http.putHeader(name, values);
            }
        });
        return new V4CanonicalRequest(http.build(), payloadHash, pathOptions(signature)).getCanonicalRequestString();
    }

    /** The signing process excepts S3: its paths are signed as they are sent, all others encoded again and normalised. */
    private static V4CanonicalRequest.Options pathOptions(Signature signature) {
        boolean encodedAgain = !signature.ofS3();
        return new V4CanonicalRequest.Options(encodedAgain, encodedAgain);
    }

    private byte[] signingKey(Signature signature, String secret) {
        KeyScope scope = new KeyScope(
                signature.accessKeyId(), secret, signature.date(), signature.region(), signature.service());
        byte[] known = signingKeys.get(scope);
        if (known != null) {
            return known;
        }
        if (signingKeys.size() >= MAX_CACHED_KEYS) {
            signingKeys.clear();
        }
        byte[] key = SignerUtils.deriveSigningKey(
                AwsBasicCredentials.create(signature.accessKeyId(), secret),
                new CredentialScope(signature.region(), signature.service(), signature.instant()));
        signingKeys.put(scope, key);
        return key;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static WireException mismatch(String message) {
        return WireException.of("InvalidSignatureException", 400, "SignatureDoesNotMatch", 403, message);
    }
}
