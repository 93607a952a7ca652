package dev.groundplane.services.s3;

import java.util.Map;
import java.util.Set;

/** The names of S3's actions where they are not their operations'. Source: AWS Service Authorization Reference, "Amazon S3". */
final class S3Actions {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("CompleteMultipartUpload", "PutObject"),
            Map.entry("CreateMultipartUpload", "PutObject"),
            Map.entry("DeleteBucketCors", "PutBucketCORS"),
            Map.entry("DeleteBucketEncryption", "PutEncryptionConfiguration"),
            Map.entry("DeleteBucketLifecycle", "PutLifecycleConfiguration"),
            Map.entry("DeleteBucketTagging", "PutBucketTagging"),
            Map.entry("DeleteObjects", "DeleteObject"),
            Map.entry("DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
            Map.entry("GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"),
            Map.entry("GetBucketCors", "GetBucketCORS"),
            Map.entry("GetBucketEncryption", "GetEncryptionConfiguration"),
            Map.entry("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
            Map.entry("GetBucketNotificationConfiguration", "GetBucketNotification"),
            Map.entry("GetBucketReplication", "GetReplicationConfiguration"),
            Map.entry("GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
            Map.entry("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
            Map.entry("HeadBucket", "ListBucket"),
            Map.entry("HeadObject", "GetObject"),
            Map.entry("ListBuckets", "ListAllMyBuckets"),
            Map.entry("ListMultipartUploads", "ListBucketMultipartUploads"),
            Map.entry("ListObjectVersions", "ListBucketVersions"),
            Map.entry("ListObjects", "ListBucket"),
            Map.entry("ListObjectsV2", "ListBucket"),
            Map.entry("ListParts", "ListMultipartUploadParts"),
            Map.entry("PutBucketCors", "PutBucketCORS"),
            Map.entry("PutBucketEncryption", "PutEncryptionConfiguration"),
            Map.entry("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
            Map.entry("PutBucketNotificationConfiguration", "PutBucketNotification"),
            Map.entry("PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"),
            Map.entry("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
            Map.entry("UploadPart", "PutObject"));

    /** Actions that have another name when a version is named. */
    private static final Set<String> OF_VERSIONS = Set.of(
            "DeleteObject",
            "DeleteObjectTagging",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectTagging",
            "PutObjectAcl",
            "PutObjectTagging");

    private S3Actions() {}

    /** The action of an operation on what its path names. */
    static String of(String operation, boolean ofVersion) {
        String action = NAMES.getOrDefault(operation, operation);
        return "s3:"
                + (ofVersion && OF_VERSIONS.contains(action) ? action.replaceFirst("Object", "ObjectVersion") : action);
    }
}
