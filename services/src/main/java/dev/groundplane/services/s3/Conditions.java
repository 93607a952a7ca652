package dev.groundplane.services.s3;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What a request asks to be so. Source: RFC 9110, section 13, and Amazon S3 API Reference.
 *
 * @param ifMatch ETags of which the object must have one
 * @param ifNoneMatch ETags of which it must have none
 */
record Conditions(
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable Instant ifModifiedSince,
        @Nullable Instant ifUnmodifiedSince) {
    private static final String ANY = "*";

    /**
     * Holds them against what is read.
     *
     * @throws S3Exception {@code PreconditionFailed} or {@code NotModified}
     */
    void forRead(ObjectVersion version) {
        check(version, true);
    }

    /** Holds them against what is copied, for which there is no {@code NotModified}. */
    void forCopy(ObjectVersion version) {
        check(version, false);
    }

    private void check(ObjectVersion version, boolean reading) {
        // Times have no fractions in headers.
        Instant modified = version.modified().truncatedTo(ChronoUnit.SECONDS);
        if (ifMatch != null && !matches(ifMatch, version)) {
            throw S3Errors.preconditionFailed("If-Match");
        }
        // A match says more than a time: then the time is not looked at.
        if (ifMatch == null && ifUnmodifiedSince != null && modified.isAfter(ifUnmodifiedSince)) {
            throw S3Errors.preconditionFailed("If-Unmodified-Since");
        }
        if (ifNoneMatch != null && matches(ifNoneMatch, version)) {
            throw reading ? notModified(version) : S3Errors.preconditionFailed("If-None-Match");
        }
        if (ifNoneMatch == null && ifModifiedSince != null && !modified.isAfter(ifModifiedSince)) {
            throw reading ? notModified(version) : S3Errors.preconditionFailed("If-Modified-Since");
        }
    }

    /** With what RFC 9110, section 15.4.5, wants told again. */
    private static S3Exception notModified(ObjectVersion version) {
        return S3Errors.notModified(
                Map.of("ETag", version.quotedEtag(), "Last-Modified", ObjectHead.date(version.modified())));
    }

    /**
     * Holds them against what would be overwritten.
     *
     * @param present empty when there is no object
     */
    static void forWrite(
            @Nullable String ifMatch, @Nullable String ifNoneMatch, String key, Optional<ObjectVersion> present) {
        Optional<ObjectVersion> object = present.filter(version -> !version.marker());
        if (ifNoneMatch != null && !ifNoneMatch.equals(ANY)) {
            throw S3Errors.notImplemented(
                    "A header you provided implies functionality that is not implemented: If-None-Match: %s; only * is.",
                    ifNoneMatch);
        }
        if (ifNoneMatch != null && object.isPresent()) {
            throw S3Errors.preconditionFailed("If-None-Match");
        }
        if (ifMatch != null) {
            ObjectVersion found = object.orElseThrow(() -> S3Errors.noSuchKey(key));
            if (!matches(ifMatch, found)) {
                throw S3Errors.preconditionFailed("If-Match");
            }
        }
    }

    private static boolean matches(String etags, ObjectVersion version) {
        return Stream.of(etags.split(",", -1))
                .map(String::strip)
                .map(etag -> etag.startsWith("W/") ? etag.substring(2) : etag)
                .map(etag -> etag.length() > 1 && etag.startsWith("\"") && etag.endsWith("\"")
                        ? etag.substring(1, etag.length() - 1)
                        : etag)
                .anyMatch(etag -> etag.equals(ANY) || etag.equals(version.etag()));
    }
}
