package dev.groundplane.warehouse.storage;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;

/**
 * A place in S3.
 *
 * @param key of an object, or what the keys of several begin with
 */
public record S3Location(String bucket, String key) {
    private static final String SCHEME = "s3://";

    /**
     * Reads {@code s3://bucket/key}.
     *
     * @throws SqlFailure when it is something else
     */
    public static S3Location of(String url) {
        var slash = url.indexOf('/', SCHEME.length());
        var bucket = url.startsWith(SCHEME) ? url.substring(SCHEME.length(), slash < 0 ? url.length() : slash) : "";
        if (bucket.isEmpty()) {
            throw SqlFailure.of(
                    SqlState.INTERNAL_ERROR, "'%s' is no place in S3; write s3://bucket/prefix".formatted(url));
        }
        return new S3Location(bucket, slash < 0 ? "" : url.substring(slash + 1));
    }

    /** The same place with more at its end. */
    public S3Location plus(String more) {
        return new S3Location(bucket, key + more);
    }

    @Override
    public String toString() {
        return SCHEME + bucket + "/" + key;
    }
}
