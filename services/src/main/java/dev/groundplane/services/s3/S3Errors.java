package dev.groundplane.services.s3;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Amazon S3's errors, most of which its model does not have. Source: Amazon S3 API Reference, "Error responses". */
final class S3Errors {
    private S3Errors() {}

    static S3Exception of(String code, int status, String message, @Nullable Object... values) {
        return about(code, status, message.formatted(values), Map.of());
    }

    private static S3Exception about(String code, int status, String message, Map<String, String> elements) {
        return new S3Failure(code, status, message, elements, Map.of());
    }

    static S3Exception noSuchBucket(String name) {
        return ofBucket("NoSuchBucket", 404, "The specified bucket does not exist", name);
    }

    /** An error that tells in an element of its own which bucket it is about. */
    static S3Exception ofBucket(String code, int status, String message, @Nullable String bucket) {
        return about(code, status, message, Map.of("BucketName", String.valueOf(bucket)));
    }

    static S3Exception noSuchKey(String key) {
        return about("NoSuchKey", 404, "The specified key does not exist.", Map.of("Key", key));
    }

    /** The key's latest version is a delete marker. */
    static S3Exception deleted(ObjectVersion marker) {
        return new S3Failure(
                "NoSuchKey",
                404,
                "The specified key does not exist.",
                Map.of("Key", marker.key()),
                markerHeaders(marker));
    }

    /** A delete marker was named, which cannot be read. */
    static S3Exception isMarker(ObjectVersion marker) {
        Map<String, String> headers = new LinkedHashMap<>(markerHeaders(marker));
        headers.put("Allow", "DELETE");
        return new S3Failure(
                "MethodNotAllowed",
                405,
                "The specified method is not allowed against this resource.",
                Map.of("ResourceType", "DeleteMarker"),
                headers);
    }

    private static Map<String, String> markerHeaders(ObjectVersion marker) {
        return Map.of("x-amz-delete-marker", "true", "x-amz-version-id", marker.versionId());
    }

    static S3Exception noSuchVersion(String key, String versionId) {
        Map<String, String> elements = new LinkedHashMap<>();
        elements.put("Key", key);
        elements.put("VersionId", versionId);
        return about("NoSuchVersion", 404, "The specified version does not exist.", elements);
    }

    static S3Exception noSuchUpload(String uploadId) {
        return about(
                "NoSuchUpload",
                404,
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or"
                        + " completed.",
                Map.of("UploadId", uploadId));
    }

    static S3Exception bucketExists(String name) {
        return ofBucket(
                "BucketAlreadyExists",
                409,
                "The requested bucket name is not available. The bucket namespace is shared by all users of the system."
                        + " Please select a different name and try again.",
                name);
    }

    static S3Exception bucketOwned(String name) {
        return ofBucket(
                "BucketAlreadyOwnedByYou",
                409,
                "Your previous request to create the named bucket succeeded and you already own it.",
                name);
    }

    static S3Exception invalidArgument(String message, @Nullable Object... values) {
        return of("InvalidArgument", 400, message, values);
    }

    static S3Exception invalidRequest(String message, @Nullable Object... values) {
        return of("InvalidRequest", 400, message, values);
    }

    static S3Exception malformedXml(String message, @Nullable Object... values) {
        return of(
                "MalformedXML",
                400,
                "The XML you provided was not well-formed or did not validate against our published schema: "
                        + message.formatted(values));
    }

    static S3Exception notImplemented(String message, @Nullable Object... values) {
        return of("NotImplemented", 501, message, values);
    }

    static S3Exception accessDenied(String why, @Nullable Object... values) {
        return of("AccessDenied", 403, "Access Denied: " + why, values);
    }

    static S3Exception incompleteBody() {
        return of(
                "IncompleteBody",
                400,
                "You did not provide the number of bytes specified by the Content-Length HTTP header");
    }

    static S3Exception badDigest(String name, String declared, String found) {
        return of(
                "BadDigest",
                400,
                "The %s you specified did not match what we received: declared %s, found %s.",
                name,
                declared,
                found);
    }

    static S3Exception preconditionFailed(String condition) {
        return about(
                "PreconditionFailed",
                412,
                "At least one of the pre-conditions you specified did not hold",
                Map.of("Condition", condition));
    }

    /** What the client has is what is there: the headers by which it knows that. */
    static S3Exception notModified(Map<String, String> headers) {
        return new S3Failure("NotModified", 304, "Not Modified", Map.of(), headers);
    }

    /** The log has the file and what is wrong with it. */
    static S3Exception damaged(DamagedContentException cause) {
        return of("InternalError", 500, "The stored content is damaged: %s", cause.getMessage());
    }
}
