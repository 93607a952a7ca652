package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Amazon S3 for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html">API reference</a>; each operation's page is in the
 * Javadoc it inherits from the client. Made by {@link S3#client}; an operation that changes something may be called once.
 */
public final class S3Service implements S3Client {
    private final Call call;
    private final S3Store store;

    S3Service(Call call, S3Store store) {
        this.call = call;
        this.store = store;
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
        return new ObjectReads(call, store).get(request, transformer);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return new ObjectReads(call, store).head(request);
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
        return new ObjectDeletes(call, store).delete(request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return new ObjectDeletes(call, store).deleteAll(request);
    }
}
