package dev.groundplane.wire.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.wire.Protocol;
import dev.groundplane.wire.Trailers;
import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The examples of Amazon S3's API Reference, and what is not as they are. */
class SignedContentTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String CHUNKED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private static final String[] SIGNATURES = {
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
    };
    private static final String[] WITH_TRAILER = {
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"
    };

    private final SignatureVerifier verifier = new SignatureVerifier(() -> Instant.parse("2013-05-24T00:00:00Z"));

    private static WireRequest request(String content, String seed, byte[] body, Map<String, String> further) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("x-amz-date", List.of("20130524T000000Z"));
        headers.put("x-amz-content-sha256", List.of(content));
        headers.put("x-amz-decoded-content-length", List.of("66560"));
        headers.put(
                "authorization",
                List.of("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host,Signature=" + seed));
        further.forEach((name, value) -> headers.put(name, List.of(value)));
        return new WireRequest(
                "PUT", "/examplebucket/chunkObject.txt", "", headers, new byte[0], new ByteArrayInputStream(body));
    }

    private static byte[] body(String[] signatures, byte filler, String end) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int[] sizes = {65536, 1024, 0};
        for (int i = 0; i < sizes.length; i++) {
            body.write("%x;chunk-signature=%s\r\n"
                    .formatted(sizes[i], signatures[i])
                    .getBytes(StandardCharsets.UTF_8));
            for (int j = 0; j < sizes[i]; j++) {
                body.write(filler);
            }
            if (sizes[i] > 0) {
                body.write("\r\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        body.write(end.getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    private InputStream checked(WireRequest request) {
        WireRequest checked = verifier.checked(request, Signature.of(request).orElseThrow(), SECRET);
        return Objects.requireNonNull(checked.content());
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WireException.class,
                        e -> assertThat(e.code(Protocol.REST_XML)).isEqualTo(code));
    }

    private static final String SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    private static final String TRAILER_SEED = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";

    @Test
    void signedChunks() throws IOException {
        byte[] content = checked(request(CHUNKED, SEED, body(SIGNATURES, (byte) 'a', "\r\n"), Map.of()))
                .readAllBytes();
        assertThat(content).hasSize(66560).containsOnly('a');
    }

    @Test
    void aChunkThatWasChanged() throws IOException {
        InputStream content = checked(request(CHUNKED, SEED, body(SIGNATURES, (byte) 'b', "\r\n"), Map.of()));
        assertCode("SignatureDoesNotMatch", content::readAllBytes);
    }

    @Test
    void contentThatEndsEarly() throws IOException {
        byte[] whole = body(SIGNATURES, (byte) 'a', "\r\n");
        for (int length : new int[] {0, 10, 50_000, whole.length - 100}) {
            InputStream content = checked(request(CHUNKED, SEED, Arrays.copyOf(whole, length), Map.of()));
            assertCode("IncompleteBody", content::readAllBytes);
        }
    }

    @Test
    void signedChunksAndTrailer() throws IOException {
        InputStream content = checked(request(
                CHUNKED + "-TRAILER",
                TRAILER_SEED,
                body(
                        WITH_TRAILER,
                        (byte) 'a',
                        "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:"
                                + "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"),
                Map.of("x-amz-trailer", "x-amz-checksum-crc32c")));
        assertThat(content.readAllBytes()).hasSize(66560);
        assertThat(((Trailers) content).announced()).containsExactly("x-amz-checksum-crc32c");
        assertThat(((Trailers) content).trailers()).isEqualTo(Map.of("x-amz-checksum-crc32c", "sOO8/Q=="));
    }

    @Test
    void aTrailerThatWasChanged() throws IOException {
        InputStream content = checked(request(
                CHUNKED + "-TRAILER",
                TRAILER_SEED,
                body(
                        WITH_TRAILER,
                        (byte) 'a',
                        "x-amz-checksum-crc32c:AAAA/Q==\r\nx-amz-trailer-signature:"
                                + "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"),
                Map.of("x-amz-trailer", "x-amz-checksum-crc32c")));
        assertCode("SignatureDoesNotMatch", content::readAllBytes);
    }

    @Test
    void unsignedChunksWithTrailer() throws IOException {
        byte[] body =
                "3\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers =
                Map.of("x-amz-trailer", "x-amz-checksum-crc32", "x-amz-decoded-content-length", "5");
        InputStream content = checked(request("STREAMING-UNSIGNED-PAYLOAD-TRAILER", SEED, body, headers));
        assertThat(content.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("abcde");
        assertThat(((Trailers) content).trailers()).containsEntry("x-amz-checksum-crc32", "AAAAAA==");
        InputStream unannounced = checked(
                request("STREAMING-UNSIGNED-PAYLOAD-TRAILER", SEED, body, Map.of("x-amz-decoded-content-length", "5")));
        assertCode("MalformedTrailerError", unannounced::readAllBytes);
        InputStream longer = checked(request(
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                SEED,
                body,
                Map.of("x-amz-trailer", "x-amz-checksum-crc32", "x-amz-decoded-content-length", "4")));
        assertCode("IncompleteBody", longer::readAllBytes);
    }

    @Test
    void contentWithADeclaredHash() throws IOException {
        String hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // of abc
        byte[] abc = "abc".getBytes(StandardCharsets.UTF_8);
        assertThat(checked(request(hash, SEED, abc, Map.of())).readAllBytes()).isEqualTo(abc);
        InputStream other = checked(request(hash, SEED, "abd".getBytes(StandardCharsets.UTF_8), Map.of()));
        assertCode("XAmzContentSHA256Mismatch", other::readAllBytes);
    }

    /** The example of "Query string request authentication alternative", with the bucket in the path. */
    @Test
    void presignedWithVersion2() {
        String query = "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D"
                + "&Expires=1175139620";
        WireRequest request = new WireRequest("GET", "/johnsmith/photos/puppy.jpg", query, Map.of(), new byte[0]);
        Signature signature = Signature.of(request).orElseThrow();
        assertThat(signature.ofVersion2()).isTrue();
        new SignatureVerifier(() -> Instant.ofEpochSecond(1175139619)).verify(request, signature, SECRET);
        assertCode(
                "AccessDenied",
                () -> new SignatureVerifier(() -> Instant.ofEpochSecond(1175139621))
                        .verify(request, signature, SECRET));
        assertCode(
                "SignatureDoesNotMatch",
                () -> verifier.verify(request.withPath("/johnsmith/photos/kitten.jpg"), signature, SECRET));
        WireRequest another =
                new WireRequest("GET", "/johnsmith/photos/puppy.jpg", query + "&retention", Map.of(), new byte[0]);
        assertCode(
                "SignatureDoesNotMatch",
                () -> new SignatureVerifier(() -> Instant.ofEpochSecond(1175139619))
                        .verify(another, signature, SECRET));
    }
}
