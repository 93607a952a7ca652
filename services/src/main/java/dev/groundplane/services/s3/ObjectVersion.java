package dev.groundplane.services.s3;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One version of an object, or a delete marker.
 *
 * @param id greater than those of all older versions; 0 before it is stored
 * @param versionId {@link #NULL_VERSION} for what was stored without versioning
 * @param latest whether it is the present one
 * @param marker whether it says that the object was deleted
 * @param size of the content, in bytes
 * @param etag without quotes
 * @param parts how many parts it was uploaded in; 0 when in none
 * @param checksum empty for markers
 * @param headers what was given with it and comes back, by header name, user metadata among it
 */
record ObjectVersion(
        long id,
        long bucketId,
        String key,
        String versionId,
        boolean latest,
        boolean marker,
        Instant modified,
        long size,
        String etag,
        int parts,
        Optional<ObjectChecksum> checksum,
        Map<String, String> headers,
        Map<String, String> tags,
        ObjectLock lock) {
    static final String NULL_VERSION = "null";

    /** A version that says that the object was deleted. */
    static ObjectVersion marker(Bucket bucket, String key, Instant now) {
        return new ObjectVersion(
                0,
                bucket.id(),
                key,
                NULL_VERSION,
                true,
                true,
                now,
                0,
                "",
                0,
                Optional.empty(),
                Map.of(),
                Map.of(),
                ObjectLock.NONE);
    }

    /** The ETag as it stands in headers and lists. */
    String quotedEtag() {
        return '"' + etag + '"';
    }

    ObjectVersion as(long newId, String newVersionId) {
        return new ObjectVersion(
                newId,
                bucketId,
                key,
                newVersionId,
                latest,
                marker,
                modified,
                size,
                etag,
                parts,
                checksum,
                headers,
                tags,
                lock);
    }
}
