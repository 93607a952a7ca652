package dev.groundplane.wire.sigv4;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signatures as the AWS SSM agent makes them; see its agent/ssm/rsaauth. */
class InstanceSignatureTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final String BODY = "{\"Fingerprint\":\"f\"}";
    private static KeyPair pair;

    @BeforeAll
    static void makeKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        pair = generator.generateKeyPair();
    }

    @Test
    void acceptsItsOwnSignature() throws GeneralSecurityException {
        WireRequest request = signed(BODY, BODY, 32);

        assertThatCode(() -> verify(request, Duration.ZERO)).doesNotThrowAnyException();
        assertThatCode(() -> verify(request, Duration.ofMinutes(5))).doesNotThrowAnyException();
    }

    @Test
    void acceptsAPayloadHashThatWasAddedAfterSigning() throws GeneralSecurityException {
        WireRequest request = signed(BODY, BODY, 32);
        Map<String, List<String>> headers = new HashMap<>(request.headers());
        headers.put("x-amz-content-sha256", List.of(sha256(BODY)));

        assertThatCode(() -> verify(with(request, headers), Duration.ZERO)).doesNotThrowAnyException();
        headers.put("x-amz-content-sha256", List.of("UNSIGNED-PAYLOAD"));
        assertRefused(with(request, headers), Duration.ZERO);
    }

    @Test
    void refusesWhatWasChangedOrIsNotFresh() throws GeneralSecurityException {
        assertRefused(signed(BODY, "{\"Fingerprint\":\"g\"}", 32), Duration.ZERO);
        assertRefused(signed(BODY, BODY, 20), Duration.ZERO);
        assertRefused(signed(BODY, BODY, 32), Duration.ofMinutes(5).plusSeconds(1));
        assertRefused(signed(BODY, BODY, 32), Duration.ofMinutes(-5).minusSeconds(1));
        WireRequest request = signed(BODY, BODY, 32);
        Map<String, List<String>> headers = new HashMap<>(request.headers());
        headers.put("x-amz-target", List.of("AmazonSSM.UpdateManagedInstancePublicKey"));
        assertRefused(with(request, headers), Duration.ZERO);
        headers = new HashMap<>(request.headers());
        headers.put("x-amz-more", List.of("unsigned"));
        assertRefused(with(request, headers), Duration.ZERO);
    }

    private static WireRequest with(WireRequest request, Map<String, List<String>> headers) {
        return new WireRequest(request.method(), request.rawPath(), request.rawQuery(), headers, request.body());
    }

    private static void assertRefused(WireRequest request, Duration later) {
        assertThatThrownBy(() -> verify(request, later)).isInstanceOf(WireException.class);
    }

    private static void verify(WireRequest request, Duration later) {
        new SignatureVerifier(() -> NOW.plus(later))
                .verify(request, Signature.of(request).orElseThrow(), (RSAPublicKey) pair.getPublic());
    }

    private static WireRequest signed(String signedBody, String sentBody, int salt) throws GeneralSecurityException {
        String canonical = String.join(
                "\n",
                "POST",
                "/",
                "",
                "content-type:application/x-amz-json-1.1",
                "host:127.0.0.1:4566",
                "x-amz-date:20260115T120000Z",
                "x-amz-target:AmazonSSM.RequestManagedInstanceRoleToken",
                "",
                "content-type;host;x-amz-date;x-amz-target",
                sha256(signedBody));
        String scope = "20260115/us-east-1/ssm/aws4_request";
        java.security.Signature pss = java.security.Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1));
        pss.initSign(pair.getPrivate());
        pss.update(String.join("\n", "AWS4-HMAC-SHA256", "20260115T120000Z", scope, sha256(canonical))
                .getBytes(StandardCharsets.UTF_8));
        String authorization = "AWS4-HMAC-SHA256 Credential=mi-0123456789abcdef0/" + scope
                + ", SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
                + Base64.getEncoder().encodeToString(pss.sign());
        return new WireRequest(
                "POST",
                "/",
                "",
                Map.of(
                        "content-type", List.of("application/x-amz-json-1.1"),
                        "host", List.of("127.0.0.1:4566"),
                        "x-amz-date", List.of("20260115T120000Z"),
                        "x-amz-target", List.of("AmazonSSM.RequestManagedInstanceRoleToken"),
                        "authorization", List.of(authorization)),
                sentBody.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
