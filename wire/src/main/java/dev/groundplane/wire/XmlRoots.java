package dev.groundplane.wire;

import java.util.Map;
import java.util.Set;

/**
 * Names of REST-XML response documents where they are not the operation's with {@code Response}. The SDK's model has lost
 * them, because its clients read any root; others do not. Source: Amazon S3 API Reference.
 */
final class XmlRoots {
    static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static final Map<String, String> ROOTS = Map.ofEntries(
            Map.entry("CompleteMultipartUpload", "CompleteMultipartUploadResult"),
            Map.entry("CreateMultipartUpload", "InitiateMultipartUploadResult"),
            Map.entry("DeleteObjects", "DeleteResult"),
            Map.entry("GetBucketAcl", "AccessControlPolicy"),
            Map.entry("GetBucketCors", "CORSConfiguration"),
            Map.entry("GetBucketLifecycleConfiguration", "LifecycleConfiguration"),
            Map.entry("GetBucketNotificationConfiguration", "NotificationConfiguration"),
            Map.entry("GetBucketTagging", "Tagging"),
            Map.entry("GetBucketVersioning", "VersioningConfiguration"),
            Map.entry("GetObjectAcl", "AccessControlPolicy"),
            Map.entry("GetObjectTagging", "Tagging"),
            Map.entry("ListBuckets", "ListAllMyBucketsResult"),
            Map.entry("ListMultipartUploads", "ListMultipartUploadsResult"),
            Map.entry("ListObjectVersions", "ListVersionsResult"),
            Map.entry("ListObjects", "ListBucketResult"),
            Map.entry("ListObjectsV2", "ListBucketResult"),
            Map.entry("ListParts", "ListPartsResult"));

    /** Operations whose only member is the document itself: Smithy's trait {@code s3UnwrappedXmlOutput}. */
    private static final Set<String> UNWRAPPED = Set.of("GetBucketLocation");

    private XmlRoots() {}

    static String of(OperationModel operation) {
        return ROOTS.getOrDefault(operation.name(), operation.name() + "Response");
    }

    static boolean unwrapped(OperationModel operation) {
        return UNWRAPPED.contains(operation.name());
    }
}
