package dev.groundplane.services.s3;

import dev.groundplane.platform.identity.Scope;
import java.time.Instant;

/**
 * Something that happened to an object and is durable. Source: Amazon S3 User Guide, "Event message structure".
 *
 * @param name as in notifications, for example {@code ObjectCreated:Put}
 * @param scope the bucket's account and region
 * @param size in bytes; 0 for removals
 * @param etag without quotes; empty for removals
 * @param versionId {@code null} in buckets without versions
 * @param sequencer orders the events of one key: compare as text
 */
public record ObjectEvent(
        String name,
        Scope scope,
        String bucket,
        String key,
        long size,
        String etag,
        String versionId,
        String sequencer,
        Instant time) {
    static ObjectEvent of(String name, Bucket bucket, ObjectVersion version, Instant time) {
        return new ObjectEvent(
                name,
                new Scope(bucket.account(), bucket.region()),
                bucket.name(),
                version.key(),
                version.size(),
                version.etag(),
                version.versionId(),
                "%016X".formatted(version.id()),
                time);
    }
}
