package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import software.amazon.awssdk.http.auth.aws.internal.signer.util.SignerUtils;

/**
 * The chain of signatures over a request's chunks, which begins with that of its head. Source: Amazon S3 API Reference,
 * "Transferring Payload in Multiple Chunks (Chunked Upload)". Belongs to one request; not thread-safe.
 */
final class ChunkSignatures {
    private static final String EMPTY_HASH = HexFormat.of().formatHex(SignerUtils.hash(new byte[0]));

    private final Signature head;
    private final byte[] signingKey;
    private final MessageDigest digest = HashedContent.sha256();
    private String previous;

    ChunkSignatures(Signature head, byte[] signingKey) {
        this.head = head;
        this.signingKey = signingKey;
        this.previous = head.signature();
    }

    /** More of the present chunk. */
    void update(byte[] buffer, int offset, int count) {
        digest.update(buffer, offset, count);
    }

    /**
     * Ends the present chunk.
     *
     * @throws WireException {@code SignatureDoesNotMatch} when its signature is another
     */
    void verifyChunk(String signature) {
        String hash = HexFormat.of().formatHex(digest.digest());
        verify("AWS4-HMAC-SHA256-PAYLOAD", previous + "\n" + EMPTY_HASH + "\n" + hash, signature);
    }

    /**
     * Ends the content.
     *
     * @param trailers in the order sent
     * @throws WireException {@code SignatureDoesNotMatch} when their signature is another
     */
    void verifyTrailers(Map<String, String> trailers, String signature) {
        StringBuilder text = new StringBuilder();
        trailers.forEach(
                (name, value) -> text.append(name).append(':').append(value).append('\n'));
        String hash = HexFormat.of().formatHex(SignerUtils.hash(text.toString().getBytes(StandardCharsets.UTF_8)));
        verify("AWS4-HMAC-SHA256-TRAILER", previous + "\n" + hash, signature);
    }

    private void verify(String algorithm, String rest, String signature) {
        String toSign = String.join("\n", algorithm, head.timestamp(), head.scope(), rest);
        String expected = HexFormat.of().formatHex(SignerUtils.computeSignature(toSign, signingKey));
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8))) {
            throw WireException.of(
                    "SignatureDoesNotMatch",
                    403,
                    "The signature of a chunk does not match the content that came with it.");
        }
        previous = expected;
    }
}
