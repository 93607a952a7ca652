package dev.groundplane.warehouse.copyjob;

import java.time.Instant;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A file of S3, as a listing or the control plane tells of it.
 *
 * @param etag without quotes
 */
record LandedFile(String key, long bytes, String etag, Instant modified) {
    static LandedFile of(S3Object object) {
        var etag = object.eTag() == null ? "" : object.eTag();
        return new LandedFile(
                object.key(),
                object.size(),
                etag.replace("\"", ""),
                object.lastModified() == null ? Instant.EPOCH : object.lastModified());
    }

    /** Keys that end with a slash stand for folders; COPY passes over them, too. */
    boolean isFolder() {
        return key.endsWith("/");
    }
}
