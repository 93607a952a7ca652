package dev.groundplane.wire.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureVerifierTest {
    private static final Instant SIGNED_AT = Instant.parse("2026-01-15T12:00:00Z");
    private static final String PRIVATE = "x-private";

    /** Vectors of AWS's own SigV4 test suite: key AKIDEXAMPLE, service "service", 2015-08-30T12:36:00Z. */
    @ParameterizedTest
    @CsvSource({
        "GET, /, '', 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "POST, /, '', 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        "GET, /, Param1=value1, a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
        "GET, /, Param2=value2&Param1=value1, b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    })
    void awsTestVectorsVerify(String method, String path, String query, String signature) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("host", List.of("example.amazonaws.com"));
        headers.put("x-amz-date", List.of("20150830T123600Z"));
        headers.put(
                "authorization",
                List.of("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=" + signature));
        WireRequest request = new WireRequest(method, path, query, headers, new byte[0]);
        SignatureVerifier verifier = new SignatureVerifier(() -> Instant.parse("2015-08-30T12:36:00Z"));

        assertThatCode(() -> verifier.verify(
                        request, Signature.of(request).orElseThrow(), "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
                .doesNotThrowAnyException();
    }

    @Test
    void theSignaturesPartsAreRead() {
        Signature signature = Signature.of(header().request()).orElseThrow();

        assertThat(signature.accessKeyId()).isEqualTo(Signed.KEY_ID);
        assertThat(signature.region()).isEqualTo("us-east-1");
        assertThat(signature.service()).isEqualTo("ecs");
        assertThat(signature.date()).isEqualTo("20260115");
        assertThat(signature.instant()).isEqualTo(SIGNED_AT);
        assertThat(signature.signedHeaders()).contains("host", "x-amz-date", PRIVATE);
        assertThat(signature.presigned()).isFalse();
        Signature presigned = Signature.of(presigned().request()).orElseThrow();
        assertThat(presigned.validity()).contains(Duration.ofMinutes(10));
        assertThat(presigned.service()).isEqualTo("ecs");
    }

    @Test
    void whatTheSdkSignedVerifies() {
        assertAccepted(header().request());
        assertAccepted(presigned().request());
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void fiveMinutesOfSkewAreAcceptedEitherWay(long seconds) {
        assertAccepted(header().request(), SIGNED_AT.plusSeconds(seconds));
    }

    @Test
    void moreSkewIsRefusedAndToldWhichWay() {
        assertRefused(header().request(), SIGNED_AT.plusSeconds(301), "Signature expired: 20260115T120000Z");
        assertRefused(header().request(), SIGNED_AT.minusSeconds(301), "Signature not yet current: 20260115T120000Z");
    }

    @Test
    void aPresignedRequestLivesAsLongAsItSays() {
        assertAccepted(presigned().request(), SIGNED_AT.plus(Duration.ofMinutes(10)));
        assertRefused(
                presigned().request(), SIGNED_AT.plus(Duration.ofMinutes(10)).plusSeconds(1), "Signature expired");
        assertRefused(presigned().request(), SIGNED_AT.minusSeconds(301), "Signature not yet current");
    }

    @Test
    void anotherSecretIsRefused() {
        for (WireRequest request : List.of(header().request(), presigned().request())) {
            assertThatThrownBy(() -> verify(request, SIGNED_AT, Signed.SECRET + "x"))
                    .isInstanceOfSatisfying(WireException.class, e -> {
                        assertThat(e.code(Protocol.JSON)).isEqualTo("InvalidSignatureException");
                        assertThat(e.code(Protocol.QUERY)).isEqualTo("SignatureDoesNotMatch");
                        assertThat(e.status(Protocol.QUERY)).isEqualTo(403);
                    });
        }
    }

    @Test
    void aChangedRequestIsRefused() {
        for (WireRequest good : List.of(header().request(), presigned().request())) {
            assertRefused(new WireRequest("PUT", good.rawPath(), good.rawQuery(), good.headers(), good.body()));
            assertRefused(new WireRequest("POST", "/other", good.rawQuery(), good.headers(), good.body()));
            assertRefused(new WireRequest("POST", good.rawPath() + "/", good.rawQuery(), good.headers(), good.body()));
            assertRefused(
                    new WireRequest("POST", good.rawPath(), good.rawQuery() + "&a=2", good.headers(), good.body()));
            assertRefused(new WireRequest(
                    "POST", good.rawPath(), good.rawQuery().replace("a=1", "a=2"), good.headers(), good.body()));
            assertRefused(
                    new WireRequest("POST", good.rawPath(), good.rawQuery(), good.headers(), bytes("other body")));
            assertRefused(new WireRequest("POST", good.rawPath(), good.rawQuery(), good.headers(), new byte[0]));
            assertRefused(with(good, "host", "evil.example.com"));
            assertRefused(with(good, PRIVATE, "changed"));
        }
    }

    @Test
    void aChangedClaimIsRefused() {
        String authorization = header().request().headers().get("authorization").getFirst();
        for (String changed : List.of(
                authorization.replace("/us-east-1/", "/eu-west-1/"),
                authorization.replace("/ecs/", "/sts/"),
                authorization.replace("20260115/", "20260114/"),
                authorization.replace(";" + PRIVATE, ""),
                authorization.replaceFirst("Signature=.", "Signature=g"),
                authorization.replaceFirst("Signature=.*", "Signature=00"))) {
            assertThat(changed).isNotEqualTo(authorization);
            assertRefused(with(header().request(), "authorization", changed));
        }
        assertRefused(with(header().request(), "x-amz-date", "20260115T120001Z"));
        WireRequest good = presigned().request();
        for (String change : List.of("Expires=600>Expires=6000", "120000Z>120001Z", "us-east-1>eu-west-1")) {
            String[] parts = change.split(">");
            String query = good.rawQuery().replace(parts[0], parts[1]);
            assertThat(query).isNotEqualTo(good.rawQuery());
            assertRefused(new WireRequest("POST", good.rawPath(), query, good.headers(), good.body()));
        }
    }

    @Test
    void headersThatAreNotSignedMayBeAdded() {
        assertAccepted(with(header().request(), "via", "1.1 proxy"));
    }

    @Test
    void theHostMustBeSigned() {
        WireRequest good = header().request();
        String authorization = good.headers().get("authorization").getFirst();
        assertRefused(with(good, "authorization", authorization.replace("host;", "")), SIGNED_AT, "'Host' must be");
    }

    @Test
    void repeatedHeadersAndWhitespaceAreAsTheSdkSeesThem() {
        WireRequest request = header().header("x-list", "b")
                .header("x-list", "a")
                .header("x-spaces", "  a   b  ")
                .request();

        assertAccepted(request);
        assertAccepted(with(request, "x-spaces", "a b"));
        assertRefused(with(request, "x-spaces", "ab"));
        assertRefused(with(request, "x-list", "a", "b"));
        assertRefused(with(request, "x-list", "b"));
    }

    @Test
    void oddPathsAndQueriesVerify() {
        for (String path :
                List.of("/", "/a%20b", "/a%2Fb", "/%C3%A9/%E4%B8%96", "/a/b:c@d", "/a+b", "/tags/arn%3Aaws")) {
            for (String query : List.of("", "b=2&a=1&a=0", "k=%20%2B%2F&%C3%A9=~-_.", "empty=")) {
                assertAccepted(Signed.post(path, query, "body", SIGNED_AT).request());
            }
        }
    }

    @Test
    void anUnsignedPayloadIsTakenAsItCameWhenTheSignatureSaysSo() {
        WireRequest unsigned =
                Signed.post("/", "", "one body", SIGNED_AT).unsignedPayload().request();
        assertThat(unsigned.headers().get("x-amz-content-sha256")).containsExactly("UNSIGNED-PAYLOAD");

        assertAccepted(unsigned);
        assertAccepted(new WireRequest("POST", "/", "", unsigned.headers(), bytes("another body")));
        assertRefused(with(header().request(), "x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
    }

    @ParameterizedTest
    @CsvSource({
        "Basic abc, must start with AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 SignedHeaders=host, requires the parameter 'Credential'",
        "'AWS4-HMAC-SHA256 Credential=a/20260115/r/s/aws4_request', requires the parameter 'SignedHeaders'",
        "'AWS4-HMAC-SHA256 Credential=a/20260115/r/s/aws4_request, SignedHeaders=host', requires the parameter 'Signature'",
        "'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0', found 'a/b'",
        "'AWS4-HMAC-SHA256 Credential=a/20260114/r/s/aws4_request, SignedHeaders=host, Signature=0', they must agree"
    })
    void anIncompleteHeaderSaysWhatIsMissing(String authorization, String message) {
        assertIncomplete(with(header().request(), "authorization", authorization), message);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Amz-Expires=600, X-Amz-Expires=604801, from 0 to 604800",
        "X-Amz-Expires=600, X-Amz-Expires=-1, found '-1'",
        "X-Amz-Expires=600, X-Amz-Expires=, requires the parameter 'X-Amz-Expires'",
        "AWS4-HMAC-SHA256, AWS4-ECDSA-P256-SHA256, X-Amz-Algorithm must be AWS4-HMAC-SHA256",
        "120000Z, 120000, found '20260115T120000'"
    })
    void anIncompleteQuerySaysWhatIsMissing(String part, String instead, String message) {
        WireRequest good = presigned().request();
        String query = good.rawQuery().replace(part, instead);
        assertThat(query).isNotEqualTo(good.rawQuery());
        assertIncomplete(new WireRequest("POST", good.rawPath(), query, good.headers(), good.body()), message);
    }

    @Test
    void anUnsignedRequestHasNoSignature() {
        assertThat(Signature.of(new WireRequest("GET", "/", "a=1", Map.of(), new byte[0])))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz", "a=%", "a=|", "a={}", "a=\"", "[=1"})
    void aQueryThatIsNoUriIsRefusedAsAnyOther(String query) {
        WireRequest good = header().request();
        assertRefused(new WireRequest("POST", good.rawPath(), query, good.headers(), good.body()));
    }

    @Test
    void aMethodThatTheSdkDoesNotKnowIsRefusedAsAnyOther() {
        WireRequest good = header().request();
        assertRefused(new WireRequest("PROPFIND", good.rawPath(), good.rawQuery(), good.headers(), good.body()));
    }

    @Test
    void s3SignsPathsAsTheyAreSent() {
        assertAccepted(Signed.post("/bucket/a%20b", "", "x", SIGNED_AT).s3().request());
        assertAccepted(Signed.post("/bucket/a//b/../c", "", "x", SIGNED_AT).s3().request());
    }

    private static Signed header() {
        return Signed.post("/v1/things", "a=1&b=two%20words", "the body", SIGNED_AT)
                .header(PRIVATE, "value");
    }

    private static Signed presigned() {
        return header().presigned(Duration.ofMinutes(10));
    }

    private static void assertAccepted(WireRequest request) {
        assertAccepted(request, SIGNED_AT);
    }

    private static void assertAccepted(WireRequest request, Instant now) {
        assertThatCode(() -> verify(request, now, Signed.SECRET))
                .as("%s?%s", request.rawPath(), request.rawQuery())
                .doesNotThrowAnyException();
    }

    private static void assertRefused(WireRequest request) {
        assertRefused(request, SIGNED_AT, "");
    }

    private static void assertRefused(WireRequest request, Instant now, String message) {
        assertThatThrownBy(() -> verify(request, now, Signed.SECRET))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(message);
    }

    private static void assertIncomplete(WireRequest request, String message) {
        assertThatThrownBy(() -> Signature.of(request)).isInstanceOfSatisfying(WireException.class, e -> {
            assertThat(e.code(Protocol.QUERY)).isEqualTo("IncompleteSignature");
            assertThat(e.code(Protocol.JSON)).isEqualTo("IncompleteSignatureException");
            assertThat(e).hasMessageContaining(message);
        });
    }

    private static void verify(WireRequest request, Instant now, String secret) {
        new SignatureVerifier(() -> now).verify(request, Signature.of(request).orElseThrow(), secret);
    }

    private static WireRequest with(WireRequest request, String header, String... values) {
        Map<String, List<String>> headers = new HashMap<>(request.headers());
        headers.put(header, new ArrayList<>(List.of(values)));
        return new WireRequest(request.method(), request.rawPath(), request.rawQuery(), headers, request.body());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
