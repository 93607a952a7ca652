package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.http.auth.aws.internal.signer.util.SignerUtils;

/**
 * How S3 signs what a request carries: not at all, by its hash, or in chunks. Source: Amazon S3 API Reference,
 * "Authenticating Requests: Using the Authorization Header".
 */
final class SignedContent {
    static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    private static final String CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private static final String CHUNKS_AND_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    private static final String UNSIGNED_CHUNKS_AND_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private static final Set<String> CHUNKED = Set.of(CHUNKS, CHUNKS_AND_TRAILER, UNSIGNED_CHUNKS_AND_TRAILER);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER_BYTES = 64 * 1024;

    private SignedContent() {}

    /** What stands for the payload in the canonical request: what the caller declared, which {@link #checked} holds. */
    static String hashInSignature(WireRequest request, Signature signature, String declared) {
        if (declared.isEmpty()) {
            if (signature.presigned()) {
                return UNSIGNED;
            }
            throw WireException.of(
                    "InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256");
        }
        if (!declared.equals(UNSIGNED)
                && !CHUNKED.contains(declared)
                && !SHA256.matcher(declared).matches()) {
            throw WireException.of(
                    "InvalidArgument",
                    400,
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, %s or a valid sha256 value, found '%s'."
                            .formatted(CHUNKED.stream().sorted().collect(Collectors.joining(", ")), declared));
        }
        if (request.content() == null && SHA256.matcher(declared).matches()) {
            String actual = HexFormat.of().formatHex(SignerUtils.hash(request.body()));
            if (!declared.equals(actual)) {
                throw HashedContent.mismatch(declared, actual);
            }
        }
        return declared;
    }

    static WireRequest checked(WireRequest request, Signature signature, byte[] signingKey) {
        String declared = request.header("x-amz-content-sha256").orElse(UNSIGNED);
        InputStream content = request.content();
        if (CHUNKED.contains(declared)) {
            InputStream chunks = new BufferedInputStream(
                    content == null ? new ByteArrayInputStream(request.body()) : content, BUFFER_BYTES);
            ChunkSignatures signatures = new ChunkSignatures(signature, signingKey);
            InputStream taken = new ChunkedContent(
                    chunks,
                    declaredLength(request),
                    announced(request),
                    declared.equals(UNSIGNED_CHUNKS_AND_TRAILER) ? Optional.empty() : Optional.of(signatures));
            return content == null ? request.withBody(bytes(taken)) : request.withContent(taken);
        }
        return content == null || declared.equals(UNSIGNED)
                ? request
                : request.withContent(new HashedContent(content, declared));
    }

    private static long declaredLength(WireRequest request) {
        String length = request.header("x-amz-decoded-content-length")
                .orElseThrow(() -> WireException.of(
                        "MissingContentLength", 411, "You must provide the Content-Length HTTP header."));
        if (!length.matches("[0-9]{1,18}")) {
            throw WireException.of(
                    "InvalidArgument",
                    400,
                    "x-amz-decoded-content-length must be a number of bytes, found '%s'".formatted(length));
        }
        return Long.parseLong(length);
    }

    private static Set<String> announced(WireRequest request) {
        return request.header("x-amz-trailer").stream()
                .flatMap(names -> Stream.of(names.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static byte[] bytes(InputStream taken) {
        try (taken) {
            return taken.readAllBytes();
        } catch (IOException e) {
            throw ChunkedContent.incomplete("the body ended within a chunk");
        }
    }
}
