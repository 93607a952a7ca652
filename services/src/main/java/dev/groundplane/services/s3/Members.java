package dev.groundplane.services.s3;

import dev.groundplane.wire.FieldPaths;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkPojo;

/** Refuses by name the request members that nothing acts on. */
final class Members {
    /** Who pays is the same everywhere: the bucket's owner. Lengths and forms are the front door's. */
    private static final Set<String> EVERYWHERE = Set.of(
            "Bucket",
            "Key",
            "Content-Length",
            "Content-MD5",
            "x-amz-expected-bucket-owner",
            "x-amz-request-payer",
            "x-amz-sdk-checksum-algorithm");

    private Members() {}

    /**
     * Refuses what is set and not in {@code supported} or supported by every operation.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code NotImplemented}, naming the member
     */
    static void supported(SdkPojo request, String... supported) {
        Set<String> all =
                Stream.concat(EVERYWHERE.stream(), Stream.of(supported)).collect(Collectors.toSet());
        FieldPaths.unsupported(request, all).ifPresent(member -> {
            throw S3Errors.notImplemented(
                    "A header or member you provided implies functionality that is not implemented: %s", member);
        });
    }
}
