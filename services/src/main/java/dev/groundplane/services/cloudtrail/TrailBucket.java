package dev.groundplane.services.cloudtrail;

import dev.groundplane.platform.identity.Scope;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudtrail.model.CloudTrailException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3BucketNameException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidS3PrefixException;
import software.amazon.awssdk.services.cloudtrail.model.S3BucketDoesNotExistException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The buckets that trails deliver to, as CloudTrail sees them. Thread-safe. */
final class TrailBucket {
    private static final int MAX_PREFIX = 200;
    private static final ObjectCannedACL ACL = ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL;

    private final Function<Scope, S3Client> s3;

    /** @param s3 a client for one call, in an account and region */
    TrailBucket(Function<Scope, S3Client> s3) {
        this.s3 = s3;
    }

    /**
     * Whether a trail can deliver.
     *
     * @throws CloudTrailException {@code InvalidS3BucketNameException}, {@code InvalidS3PrefixException}, {@code
     *     S3BucketDoesNotExistException}, {@code InsufficientS3BucketPolicyException}
     */
    void check(Scope home, @Nullable String bucket, @Nullable String prefix, String trailArn) {
        if (bucket == null || !bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw InvalidS3BucketNameException.builder()
                    .message("Bucket name '%s' is invalid: 3 to 63 lowercase letters, numbers, periods and hyphens"
                            .formatted(bucket))
                    .build();
        }
        if (prefix != null && prefix.length() > MAX_PREFIX) {
            throw InvalidS3PrefixException.builder()
                    .message(
                            "S3 prefix too long. Maximum allowed length: %d characters. Specified length: %d characters."
                                    .formatted(MAX_PREFIX, prefix.length()))
                    .build();
        }
        String folder = prefix == null || prefix.isEmpty() ? "" : prefix + "/";
        String document = policy(home, bucket);
        String arn = "arn:aws:s3:::" + bucket;
        BucketPolicy policy = new BucketPolicy(
                document,
                CloudTrail.PRINCIPAL,
                Map.of(
                        "s3:x-amz-acl",
                        ACL.toString(),
                        "aws:sourcearn",
                        trailArn,
                        "aws:sourceaccount",
                        home.account(),
                        "aws:securetransport",
                        "true"));
        if (!policy.allows("s3:GetBucketAcl", arn)) {
            throw TrailErrors.insufficientPolicy(
                    bucket, "%s must be allowed s3:GetBucketAcl on %s".formatted(CloudTrail.PRINCIPAL, arn));
        }
        String object = "%s/%sAWSLogs/%s/".formatted(arn, folder, home.account());
        if (!policy.allows("s3:PutObject", object + "CloudTrail/")
                || !policy.allows("s3:PutObject", object + "CloudTrail-Digest/")) {
            throw TrailErrors.insufficientPolicy(
                    bucket, "%s must be allowed s3:PutObject on %s*".formatted(CloudTrail.PRINCIPAL, object));
        }
    }

    private String policy(Scope home, String bucket) {
        try {
            s3.apply(home).headBucket(b -> b.bucket(bucket));
        } catch (S3Exception e) {
            throw e.statusCode() == 404 ? TrailErrors.noBucket(bucket) : e;
        }
        try {
            return s3.apply(home).getBucketPolicy(b -> b.bucket(bucket)).policy();
        } catch (S3Exception e) {
            if (e.statusCode() != 404) {
                throw e;
            }
            throw TrailErrors.insufficientPolicy(bucket, "it has no policy");
        }
    }

    /** Writes an object as CloudTrail does, over one that may be there from an attempt before. */
    void put(TrailState trail, String key, byte[] gzip, Map<String, String> metadata) {
        s3.apply(trail.scope())
                .putObject(
                        b -> b.bucket(trail.bucket())
                                .key(key)
                                .acl(ACL)
                                .contentType("application/json")
                                .contentEncoding("gzip")
                                .metadata(metadata),
                        RequestBody.fromBytes(gzip));
    }

    /** The error as GetTrailStatus shows it: S3's code. */
    static String code(AwsServiceException e) {
        return switch (e) {
            case S3BucketDoesNotExistException _ -> "NoSuchBucket";
            case CloudTrailException _ -> "AccessDenied";
            default ->
                e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                        ? e.getClass().getSimpleName()
                        : e.awsErrorDetails().errorCode();
        };
    }
}
