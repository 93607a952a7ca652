package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.policy.AccessDecisions;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.GetBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLegalHoldResponse;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetObjectLockConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketCorsResponse;
import software.amazon.awssdk.services.s3.model.PutObjectAclRequest;
import software.amazon.awssdk.services.s3.model.PutObjectAclResponse;
import software.amazon.awssdk.services.s3.model.PutObjectLegalHoldRequest;
import software.amazon.awssdk.services.s3.model.PutObjectLegalHoldResponse;
import software.amazon.awssdk.services.s3.model.PutObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutObjectLockConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionResponse;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Amazon S3 for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html">API reference</a>; each operation's page is in the
 * Javadoc it inherits from the client. Made by {@link S3#client}; an operation that changes something may be called once.
 */
public final class S3Service extends BucketOperations {
    private final Call call;
    private final S3Store store;
    private final AccessDecisions decisions;

    S3Service(Call call, S3Store store, AccessDecisions decisions) {
        super(call, store);
        this.call = call;
        this.store = store;
        this.decisions = decisions;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        return new Buckets(call, store).create(request);
    }

    @Override
    public DeleteBucketResponse deleteBucket(DeleteBucketRequest request) {
        new Buckets(call, store).delete(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketResponse.builder().build();
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        return new Buckets(call, store).head(request.bucket(), request.expectedBucketOwner());
    }

    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request) {
        return new Buckets(call, store).list(request);
    }

    @Override
    public GetBucketLocationResponse getBucketLocation(GetBucketLocationRequest request) {
        String region = new Buckets(call, store)
                .require(request.bucket(), request.expectedBucketOwner())
                .region();
        // AWS says nothing of its first region.
        return GetBucketLocationResponse.builder()
                .locationConstraint(region.equals("us-east-1") ? "" : region)
                .build();
    }

    /** The body is read to its end, once; it may be of unknown length. */
    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return new ObjectWrites(call, store).put(request, body);
    }

    @Override
    public <R> R getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
        return new ObjectReads(store).get(request, transformer);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return new ObjectReads(store).head(request);
    }

    @Override
    public ListObjectsResponse listObjects(ListObjectsRequest request) {
        return new ObjectListing(call, store).first(request);
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        return new ObjectListing(call, store).second(request);
    }

    @Override
    public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
        return new ObjectListing(call, store).versions(request);
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return new ObjectDeletes(call, store, decisions).delete(request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return new ObjectDeletes(call, store, decisions).deleteAll(request);
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        return new ObjectCopies(call, store).copy(request);
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        return new Uploads(call, store).create(request);
    }

    /** The body is read to its end, once; it may be of unknown length. */
    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        return new Uploads(call, store).part(request, body);
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        return new ObjectCopies(call, store).copyPart(request);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        return new Uploads(call, store).complete(request);
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        return new Uploads(call, store).abort(request);
    }

    @Override
    public ListPartsResponse listParts(ListPartsRequest request) {
        return new UploadListing(call, store).parts(request);
    }

    @Override
    public ListMultipartUploadsResponse listMultipartUploads(ListMultipartUploadsRequest request) {
        return new UploadListing(call, store).uploads(request);
    }

    @Override
    public GetObjectAttributesResponse getObjectAttributes(GetObjectAttributesRequest request) {
        return new ObjectAttributes(store).get(request);
    }

    @Override
    public GetObjectTaggingResponse getObjectTagging(GetObjectTaggingRequest request) {
        return new ObjectTagging(call, store).get(request);
    }

    @Override
    public PutObjectTaggingResponse putObjectTagging(PutObjectTaggingRequest request) {
        return new ObjectTagging(call, store).put(request);
    }

    @Override
    public DeleteObjectTaggingResponse deleteObjectTagging(DeleteObjectTaggingRequest request) {
        return new ObjectTagging(call, store).delete(request);
    }

    @Override
    public GetObjectAclResponse getObjectAcl(GetObjectAclRequest request) {
        ObjectReads.Found found = new ObjectReads(store)
                .find(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        return GetObjectAclResponse.builder()
                .owner(Buckets.owner(found.bucket().account()))
                .grants(ownersGrant(found.bucket()))
                .build();
    }

    /** Buckets do not have access control lists; AWS refuses them in the same way. */
    @Override
    public PutObjectAclResponse putObjectAcl(PutObjectAclRequest request) {
        new ObjectReads(store)
                .find(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        throw ObjectHeaders.aclsOff();
    }

    @Override
    public PutObjectLockConfigurationResponse putObjectLockConfiguration(PutObjectLockConfigurationRequest request) {
        return new ObjectLocking(call, store).configure(request);
    }

    @Override
    public GetObjectLockConfigurationResponse getObjectLockConfiguration(GetObjectLockConfigurationRequest request) {
        return new ObjectLocking(call, store).configuration(request);
    }

    @Override
    public PutObjectRetentionResponse putObjectRetention(PutObjectRetentionRequest request) {
        return new ObjectLocking(call, store).retain(request);
    }

    @Override
    public GetObjectRetentionResponse getObjectRetention(GetObjectRetentionRequest request) {
        return new ObjectLocking(call, store).retention(request);
    }

    @Override
    public PutObjectLegalHoldResponse putObjectLegalHold(PutObjectLegalHoldRequest request) {
        return new ObjectLocking(call, store).hold(request);
    }

    @Override
    public GetObjectLegalHoldResponse getObjectLegalHold(GetObjectLegalHoldRequest request) {
        return new ObjectLocking(call, store).legalHold(request);
    }

    @Override
    public PutBucketCorsResponse putBucketCors(PutBucketCorsRequest request) {
        return new BucketCors(call, store).put(request);
    }

    @Override
    public GetBucketCorsResponse getBucketCors(GetBucketCorsRequest request) {
        return new BucketCors(call, store).get(request);
    }

    @Override
    public DeleteBucketCorsResponse deleteBucketCors(DeleteBucketCorsRequest request) {
        return new BucketCors(call, store).delete(request);
    }
}
