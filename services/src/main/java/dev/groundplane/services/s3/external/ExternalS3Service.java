package dev.groundplane.services.s3.external;

import dev.groundplane.platform.identity.Scope;
import dev.groundplane.services.s3.BucketRegister;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.Owner;
import software.amazon.awssdk.services.s3.model.PutObjectAclRequest;
import software.amazon.awssdk.services.s3.model.PutObjectAclResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Amazon S3 for one call, whose objects are kept by another S3. What is asked about objects is asked there, and its errors are this
 * one's. Made by {@link ExternalS3#client}; an operation that changes something may be called once.
 */
public final class ExternalS3Service extends ObjectsThere {
    private final S3Client here;
    private final S3Client outside;
    private final Forwarding forwarding;
    private final ExternalS3 store;

    ExternalS3Service(S3Client here, S3Client outside, Forwarding forwarding, ExternalS3 store) {
        super(here, forwarding, outside);
        this.here = here;
        this.outside = outside;
        this.forwarding = forwarding;
        this.store = store;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    /** The bucket is made there first. If that is all that happens before the process ends, its start makes it the caller's. */
    @Override
    public CreateBucketResponse createBucket(CreateBucketRequest request) {
        register().check(forwarding.call(), request);
        try (ExternalS3.Claim _ = store.claim(request.bucket())) {
            long intent = forwarding.begin(request);
            try {
                forwarding.made(intent, () -> outside.createBucket(store.located(request)));
            } catch (S3Exception e) {
                boolean ours =
                        "BucketAlreadyOwnedByYou".equals(e.awsErrorDetails().errorCode());
                if (!ours || register().find(request.bucket()).isEmpty()) {
                    throw e;
                }
            }
            CreateBucketResponse response = here.createBucket(request);
            forwarding.intents().drop(intent);
            return response;
        }
    }

    @Override
    public DeleteBucketResponse deleteBucket(DeleteBucketRequest request) {
        register().require(request.bucket(), request.expectedBucketOwner());
        long intent = forwarding.begin(request);
        try {
            forwarding.made(intent, () -> outside.deleteBucket(request));
        } catch (S3Exception e) {
            if (!"NoSuchBucket".equals(e.awsErrorDetails().errorCode())) {
                throw e;
            }
        }
        // What is known of it here goes, also when it had gone there already.
        DeleteBucketResponse response = here.deleteBucket(request);
        forwarding.intents().drop(intent);
        return response;
    }

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        forwarding.ask(request, outside::headBucket);
        return here.headBucket(request);
    }

    /** The caller's account's buckets; those that others made there are the installation's. */
    @Override
    public ListBucketsResponse listBuckets(ListBucketsRequest request) {
        store.adoptAll(forwarding.call().scope());
        return here.listBuckets(request);
    }

    @Override
    public <R> R getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
        return forwarding.ask(request, wanted -> outside.getObject(wanted, transformer));
    }

    @Override
    public GetObjectAclResponse getObjectAcl(GetObjectAclRequest request) {
        Scope owner =
                requireObject(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        Owner all = BucketRegister.owner(owner.account());
        return GetObjectAclResponse.builder()
                .owner(all)
                .grants(Grant.builder()
                        .grantee(g -> g.type("CanonicalUser").id(all.id()))
                        .permission("FULL_CONTROL")
                        .build())
                .build();
    }

    /** Buckets do not have access control lists; AWS refuses them in the same way. */
    @Override
    public PutObjectAclResponse putObjectAcl(PutObjectAclRequest request) {
        requireObject(request.bucket(), request.key(), request.versionId(), request.expectedBucketOwner());
        throw Forwarding.aclsOff();
    }

    private Scope requireObject(String bucket, String key, @Nullable String versionId, @Nullable String owner) {
        forwarding.ask(
                HeadObjectRequest.builder()
                        .bucket(bucket)
                        .key(key)
                        .versionId(versionId)
                        .expectedBucketOwner(owner)
                        .build(),
                outside::headObject);
        return register().require(bucket, owner);
    }

    /** The body is read to its end, once; it may be of unknown length. */
    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        return new Writes(forwarding, outside, store).put(request, body);
    }

    /** The body is read to its end, once; it may be of unknown length. */
    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        return new Writes(forwarding, outside, store).part(request, body);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        return new Writes(forwarding, outside, store).complete(request);
    }

    @Override
    public CopyObjectResponse copyObject(CopyObjectRequest request) {
        return new Writes(forwarding, outside, store).copy(request);
    }

    @Override
    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        return new Writes(forwarding, outside, store).copyPart(request);
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return new Deletions(forwarding, outside, store).delete(request);
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return new Deletions(forwarding, outside, store).deleteAll(request);
    }

    private BucketRegister register() {
        return forwarding.register();
    }
}
