package dev.groundplane.services.s3;

import dev.groundplane.wire.Trailers;
import java.io.InputStream;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checksums that a caller says its content has, in headers or in trailers after it.
 *
 * @param headers of the request
 * @param content whose trailers are asked once it has been read
 */
record DeclaredChecksums(Map<String, String> headers, InputStream content) {
    private static final String ALGORITHM = "x-amz-sdk-checksum-algorithm";

    /** The kind that the caller uses; empty when it uses none. */
    Optional<ChecksumKind> kind() {
        return ChecksumKind.in(headers)
                .or(() -> content instanceof Trailers trailers
                        ? trailers.announced().stream()
                                .flatMap(name -> ChecksumKind.ofHeader(name).stream())
                                .findFirst()
                        : Optional.empty())
                .or(() -> Optional.ofNullable(headers.get(ALGORITHM)).map(DeclaredChecksums::named));
    }

    private static ChecksumKind named(String name) {
        return ChecksumKind.named(name)
                .orElseThrow(() -> S3Errors.invalidRequest(
                        "Checksum algorithm provided is unsupported. Please try again with any of the valid types:"
                                + " [CRC32, CRC32C, CRC64NVME, SHA1, SHA256], found %s",
                        name));
    }

    /**
     * Refuses declarations without a form, before the content is read.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidDigest}, {@code InvalidRequest}
     */
    void checkForm() {
        String md5 = headers.get("Content-MD5");
        if (md5 != null && bytes(md5) != 16) {
            throw S3Errors.of("InvalidDigest", 400, "The Content-MD5 you specified is not valid: %s", md5);
        }
        for (ChecksumKind kind : ChecksumKind.values()) {
            String value = headers.get(kind.header());
            if (value != null && bytes(value) != kind.bytes()) {
                throw S3Errors.invalidRequest("Value for %s header is invalid: %s", kind.header(), value);
            }
        }
    }

    private static int bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    /**
     * Holds what was declared against what came.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code BadDigest}
     */
    void check(ContentDigest.Result found) {
        compare("Content-MD5", headers.get("Content-MD5"), Base64.getEncoder().encodeToString(found.md5()));
        found.checksums().forEach((kind, value) -> {
            compare(kind.name(), headers.get(kind.header()), value);
            if (content instanceof Trailers trailers) {
                compare(kind.name(), trailers.trailers().get(kind.header()), value);
            }
        });
    }

    private static void compare(String name, @Nullable String declared, String found) {
        if (declared != null && !declared.equals(found)) {
            throw S3Errors.badDigest(name, declared, found);
        }
    }
}
