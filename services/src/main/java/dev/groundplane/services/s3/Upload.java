package dev.groundplane.services.s3;

import java.time.Instant;
import java.util.Map;

/**
 * A multipart upload that goes on.
 *
 * @param id the owner of its parts' files
 * @param uploadId what callers know it by
 * @param checksum of which kind its parts' checksums are
 * @param composite whether the object's checksum will be of the parts' checksums and not of the content
 * @param checksumAsked whether the caller asked for that kind
 * @param headers what it began with: what is kept with the object, and its lock
 */
record Upload(
        long id,
        String uploadId,
        long bucketId,
        String key,
        Instant initiated,
        ChecksumKind checksum,
        boolean composite,
        boolean checksumAsked,
        Map<String, String> headers,
        Map<String, String> tags) {
    String type() {
        return composite ? "COMPOSITE" : "FULL_OBJECT";
    }
}
