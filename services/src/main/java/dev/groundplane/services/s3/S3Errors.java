package dev.groundplane.services.s3;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Amazon S3's errors, most of which its model does not have. Source: Amazon S3 API Reference, "Error responses". */
final class S3Errors {
    private S3Errors() {}

    static S3Exception of(String code, int status, String message, @Nullable Object... values) {
        return fill(S3Exception.builder(), code, status, message.formatted(values));
    }

    private static S3Exception fill(S3Exception.Builder builder, String code, int status, String message) {
        return (S3Exception) builder.awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .serviceName("S3")
                        .build())
                .statusCode(status)
                .message(message)
                .build();
    }

    static S3Exception noSuchBucket(String name) {
        return fill(
                NoSuchBucketException.builder(),
                "NoSuchBucket",
                404,
                "The specified bucket does not exist: %s".formatted(name));
    }

    static S3Exception noSuchKey(String key) {
        return fill(
                NoSuchKeyException.builder(), "NoSuchKey", 404, "The specified key does not exist: %s".formatted(key));
    }

    static S3Exception noSuchVersion(String versionId) {
        return of("NoSuchVersion", 404, "The specified version does not exist: %s", versionId);
    }

    static S3Exception noSuchUpload(String uploadId) {
        return fill(
                NoSuchUploadException.builder(),
                "NoSuchUpload",
                404,
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or"
                        + " completed: %s".formatted(uploadId));
    }

    static S3Exception bucketExists(String name) {
        return fill(
                BucketAlreadyExistsException.builder(),
                "BucketAlreadyExists",
                409,
                "The requested bucket name is not available. The bucket namespace is shared by all users of the system."
                        + " Please select a different name and try again: %s".formatted(name));
    }

    static S3Exception bucketOwned(String name) {
        return fill(
                BucketAlreadyOwnedByYouException.builder(),
                "BucketAlreadyOwnedByYou",
                409,
                "Your previous request to create the named bucket succeeded and you already own it: %s"
                        .formatted(name));
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
        return of(
                "PreconditionFailed",
                412,
                "At least one of the pre-conditions you specified did not hold: %s",
                condition);
    }

    static S3Exception notModified() {
        return of("NotModified", 304, "Not Modified");
    }

    /** The log has the file and what is wrong with it. */
    static S3Exception damaged(DamagedContentException cause) {
        return of("InternalError", 500, "The stored content is damaged: %s", cause.getMessage());
    }
}
