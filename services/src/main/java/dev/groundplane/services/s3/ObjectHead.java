package dev.groundplane.services.s3;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What responses tell of an object in their headers. Source: Amazon S3 API Reference, GetObject and PutObject. */
final class ObjectHead {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private ObjectHead() {}

    /** A time as headers have it. */
    static @Nullable String date(@Nullable Instant time) {
        return time == null ? null : HTTP_DATE.format(time);
    }

    /** The answer to whoever made the object. */
    static Map<String, String> written(Bucket bucket, ObjectVersion version) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("ETag", version.quotedEtag());
        headers.put("x-amz-server-side-encryption", "AES256");
        if (bucket.versioned()) {
            headers.put("x-amz-version-id", version.versionId());
        }
        checksum(version, headers);
        return headers;
    }

    static void checksum(ObjectVersion version, Map<String, String> headers) {
        version.checksum().ifPresent(checksum -> {
            headers.put(checksum.kind().header(), checksum.value());
            headers.put("x-amz-checksum-type", checksum.type());
        });
    }

    /** The answer to whoever reads the object; its length and what of it is read are not among them. */
    static Map<String, String> read(Bucket bucket, ObjectVersion version) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(version.headers());
        headers.put("ETag", version.quotedEtag());
        headers.put("Last-Modified", HTTP_DATE.format(version.modified()));
        headers.put("accept-ranges", "bytes");
        headers.put("x-amz-server-side-encryption", "AES256");
        if (bucket.versioned()) {
            headers.put("x-amz-version-id", version.versionId());
        }
        if (!version.tags().isEmpty()) {
            headers.put("x-amz-tagging-count", Integer.toString(version.tags().size()));
        }
        version.lock().mode().ifPresent(mode -> headers.put("x-amz-object-lock-mode", mode));
        version.lock()
                .until()
                .ifPresent(until -> headers.put(
                        "x-amz-object-lock-retain-until-date", DateTimeFormatter.ISO_INSTANT.format(until)));
        if (bucket.locked()) {
            headers.put("x-amz-object-lock-legal-hold", version.lock().legalHold() ? "ON" : "OFF");
        }
        return headers;
    }
}
