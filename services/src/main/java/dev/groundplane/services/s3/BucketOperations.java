package dev.groundplane.services.s3;

import dev.groundplane.platform.Call;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketLifecycleRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketLifecycleResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.DeletePublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.DeletePublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAclRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.GetBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyStatusRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyStatusResponse;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketRequestPaymentRequest;
import software.amazon.awssdk.services.s3.model.GetBucketRequestPaymentResponse;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.GetBucketWebsiteResponse;
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.OwnershipControlsRule;
import software.amazon.awssdk.services.s3.model.PutBucketAclRequest;
import software.amazon.awssdk.services.s3.model.PutBucketAclResponse;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketOwnershipControlsResponse;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockRequest;
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Response;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/**
 * The operations of Amazon S3 that tell a bucket something or ask it. Those that answer that something is not configured do so
 * because it cannot be. Source: Amazon S3 API Reference.
 */
abstract class BucketOperations implements S3Client {
    private final Call call;
    private final S3Store store;

    BucketOperations(Call call, S3Store store) {
        this.call = call;
        this.store = store;
    }

    private BucketSettings settings() {
        return new BucketSettings(call, store);
    }

    private Bucket require(@Nullable String name, @Nullable String owner) {
        return new Buckets(call, store).require(name, owner);
    }

    @Override
    public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
        Members.supported(request, "VersioningConfiguration", "VersioningConfiguration.Status");
        return settings()
                .putVersioning(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        request.versioningConfiguration() == null
                                ? null
                                : request.versioningConfiguration().statusAsString(),
                        PutBucketVersioningResponse.builder().build());
    }

    @Override
    public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
        Bucket bucket = require(request.bucket(), request.expectedBucketOwner());
        GetBucketVersioningResponse.Builder response = GetBucketVersioningResponse.builder();
        return switch (bucket.versioning()) {
            case OFF -> response.build();
            case ENABLED -> response.status("Enabled").build();
            case SUSPENDED -> response.status("Suspended").build();
        };
    }

    @Override
    public PutBucketPolicyResponse putBucketPolicy(PutBucketPolicyRequest request) {
        Members.supported(request, "Policy", "x-amz-confirm-remove-self-bucket-access");
        return settings()
                .putPolicy(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        request.policy(),
                        noContent(PutBucketPolicyResponse.builder()).build());
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
        return GetBucketPolicyResponse.builder()
                .policy(policy(request.bucket(), request.expectedBucketOwner()))
                .build();
    }

    @Override
    public GetBucketPolicyStatusResponse getBucketPolicyStatus(GetBucketPolicyStatusRequest request) {
        Bucket bucket = require(request.bucket(), request.expectedBucketOwner());
        String policy = policy(request.bucket(), request.expectedBucketOwner());
        boolean isPublic = BucketPolicies.isPublic(BucketPolicies.valid(bucket, policy));
        return GetBucketPolicyStatusResponse.builder()
                .policyStatus(s -> s.isPublic(isPublic))
                .build();
    }

    private String policy(@Nullable String name, @Nullable String owner) {
        return settings()
                .require(
                        name,
                        owner,
                        BucketSetting.POLICY,
                        () -> S3Errors.ofBucket("NoSuchBucketPolicy", 404, "The bucket policy does not exist", name));
    }

    @Override
    public DeleteBucketPolicyResponse deleteBucketPolicy(DeleteBucketPolicyRequest request) {
        return settings()
                .delete(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.POLICY,
                        DeleteBucketPolicyResponse.builder().build());
    }

    @Override
    public PutPublicAccessBlockResponse putPublicAccessBlock(PutPublicAccessBlockRequest request) {
        Members.supported(request, "PublicAccessBlockConfiguration.*");
        if (request.publicAccessBlockConfiguration() == null) {
            throw S3Errors.malformedXml("PublicAccessBlockConfiguration is missing");
        }
        return settings()
                .put(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.PUBLIC_ACCESS_BLOCK,
                        BucketSettings.PUBLIC_ACCESS_BLOCK.encode(request.publicAccessBlockConfiguration()),
                        PutPublicAccessBlockResponse.builder().build());
    }

    @Override
    public GetPublicAccessBlockResponse getPublicAccessBlock(GetPublicAccessBlockRequest request) {
        String document = settings()
                .require(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.PUBLIC_ACCESS_BLOCK,
                        () -> S3Errors.ofBucket(
                                "NoSuchPublicAccessBlockConfiguration",
                                404,
                                "The public access block configuration was not found",
                                request.bucket()));
        return GetPublicAccessBlockResponse.builder()
                .publicAccessBlockConfiguration(BucketSettings.PUBLIC_ACCESS_BLOCK.decode(document))
                .build();
    }

    @Override
    public DeletePublicAccessBlockResponse deletePublicAccessBlock(DeletePublicAccessBlockRequest request) {
        return settings()
                .delete(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.PUBLIC_ACCESS_BLOCK,
                        DeletePublicAccessBlockResponse.builder().build());
    }

    /** Everything is encrypted with AES-256 whatever is asked for; nothing else can be asked for. */
    @Override
    public PutBucketEncryptionResponse putBucketEncryption(PutBucketEncryptionRequest request) {
        Members.supported(request, "ServerSideEncryptionConfiguration.*");
        if (request.serverSideEncryptionConfiguration() == null) {
            throw S3Errors.malformedXml("ServerSideEncryptionConfiguration is missing");
        }
        request.serverSideEncryptionConfiguration().rules().forEach(rule -> {
            String algorithm = rule.applyServerSideEncryptionByDefault() == null
                    ? "AES256"
                    : rule.applyServerSideEncryptionByDefault().sseAlgorithmAsString();
            if (!"AES256".equals(algorithm)) {
                throw S3Errors.notImplemented(
                        "The SSE algorithm %s is not implemented; only AES256 is.", String.valueOf(algorithm));
            }
        });
        return settings()
                .put(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.ENCRYPTION,
                        BucketSettings.ENCRYPTION.encode(request.serverSideEncryptionConfiguration()),
                        PutBucketEncryptionResponse.builder().build());
    }

    @Override
    public GetBucketEncryptionResponse getBucketEncryption(GetBucketEncryptionRequest request) {
        ServerSideEncryptionConfiguration configuration = settings()
                .find(request.bucket(), request.expectedBucketOwner(), BucketSetting.ENCRYPTION)
                .map(BucketSettings.ENCRYPTION::decode)
                .orElseGet(() -> ServerSideEncryptionConfiguration.builder()
                        .rules(ServerSideEncryptionRule.builder()
                                .bucketKeyEnabled(false)
                                .applyServerSideEncryptionByDefault(d -> d.sseAlgorithm("AES256"))
                                .build())
                        .build());
        return GetBucketEncryptionResponse.builder()
                .serverSideEncryptionConfiguration(configuration)
                .build();
    }

    @Override
    public DeleteBucketEncryptionResponse deleteBucketEncryption(DeleteBucketEncryptionRequest request) {
        return settings()
                .delete(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.ENCRYPTION,
                        DeleteBucketEncryptionResponse.builder().build());
    }

    @Override
    public PutBucketLifecycleConfigurationResponse putBucketLifecycleConfiguration(
            PutBucketLifecycleConfigurationRequest request) {
        String rule = "LifecycleConfiguration.Rule.";
        Members.supported(
                request,
                "LifecycleConfiguration",
                "LifecycleConfiguration.Rule",
                rule + "ID",
                rule + "Status",
                rule + "Prefix",
                rule + "Filter.*",
                rule + "Expiration.*",
                rule + "NoncurrentVersionExpiration.*",
                rule + "AbortIncompleteMultipartUpload.*");
        if (request.lifecycleConfiguration() == null) {
            throw S3Errors.malformedXml("LifecycleConfiguration is missing");
        }
        LifecycleRules.check(request.lifecycleConfiguration().rules());
        return settings()
                .put(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.LIFECYCLE,
                        Lifecycle.FORM.encode(request.lifecycleConfiguration()),
                        PutBucketLifecycleConfigurationResponse.builder().build());
    }

    @Override
    public GetBucketLifecycleConfigurationResponse getBucketLifecycleConfiguration(
            GetBucketLifecycleConfigurationRequest request) {
        String document = settings()
                .require(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.LIFECYCLE,
                        () -> S3Errors.ofBucket(
                                "NoSuchLifecycleConfiguration",
                                404,
                                "The lifecycle configuration does not exist",
                                request.bucket()));
        return GetBucketLifecycleConfigurationResponse.builder()
                .rules(Lifecycle.FORM.decode(document).rules())
                .build();
    }

    @Override
    public DeleteBucketLifecycleResponse deleteBucketLifecycle(DeleteBucketLifecycleRequest request) {
        return settings()
                .delete(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.LIFECYCLE,
                        DeleteBucketLifecycleResponse.builder().build());
    }

    @Override
    public PutBucketTaggingResponse putBucketTagging(PutBucketTaggingRequest request) {
        Members.supported(request, "Tagging.*");
        if (request.tagging() == null) {
            throw S3Errors.malformedXml("Tagging is missing");
        }
        return settings()
                .put(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.TAGGING,
                        StringMap.encode(Tags.of(request.tagging().tagSet(), Tags.MAX_OF_BUCKET)),
                        noContent(PutBucketTaggingResponse.builder()).build());
    }

    @Override
    public GetBucketTaggingResponse getBucketTagging(GetBucketTaggingRequest request) {
        String document = settings()
                .require(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.TAGGING,
                        () -> S3Errors.ofBucket("NoSuchTagSet", 404, "The TagSet does not exist", request.bucket()));
        return GetBucketTaggingResponse.builder()
                .tagSet(Tags.list(StringMap.decode(document)))
                .build();
    }

    @Override
    public DeleteBucketTaggingResponse deleteBucketTagging(DeleteBucketTaggingRequest request) {
        return settings()
                .delete(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        BucketSetting.TAGGING,
                        DeleteBucketTaggingResponse.builder().build());
    }

    /** There is nothing here that events could go to; that none are wanted is all that can be said. */
    @Override
    public PutBucketNotificationConfigurationResponse putBucketNotificationConfiguration(
            PutBucketNotificationConfigurationRequest request) {
        Members.supported(request, "NotificationConfiguration.*", "x-amz-skip-destination-validation");
        require(request.bucket(), request.expectedBucketOwner());
        NotificationConfiguration wanted = request.notificationConfiguration();
        if (wanted == null) {
            throw S3Errors.malformedXml("NotificationConfiguration is missing");
        }
        if (wanted.eventBridgeConfiguration() != null) {
            throw S3Errors.notImplemented(
                    "Groundplane has no EventBridge yet, so a bucket's events cannot be delivered to"
                            + " it: send a NotificationConfiguration without EventBridgeConfiguration.");
        }
        if (wanted.hasTopicConfigurations()
                || wanted.hasQueueConfigurations()
                || wanted.hasLambdaFunctionConfigurations()) {
            throw S3Errors.invalidArgument("Unable to validate the following destination configurations");
        }
        PutBucketNotificationConfigurationResponse response =
                PutBucketNotificationConfigurationResponse.builder().build();
        return call.commit(transaction -> response);
    }

    @Override
    public GetBucketNotificationConfigurationResponse getBucketNotificationConfiguration(
            GetBucketNotificationConfigurationRequest request) {
        require(request.bucket(), request.expectedBucketOwner());
        return GetBucketNotificationConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketOwnershipControlsResponse getBucketOwnershipControls(GetBucketOwnershipControlsRequest request) {
        require(request.bucket(), request.expectedBucketOwner());
        return GetBucketOwnershipControlsResponse.builder()
                .ownershipControls(c -> c.rules(OwnershipControlsRule.builder()
                        .objectOwnership("BucketOwnerEnforced")
                        .build()))
                .build();
    }

    @Override
    public PutBucketOwnershipControlsResponse putBucketOwnershipControls(PutBucketOwnershipControlsRequest request) {
        require(request.bucket(), request.expectedBucketOwner());
        boolean enforced = request.ownershipControls() != null
                && request.ownershipControls().rules().stream()
                        .allMatch(rule -> "BucketOwnerEnforced".equals(rule.objectOwnershipAsString()));
        if (!enforced) {
            throw S3Errors.notImplemented("Access control lists are not implemented; only BucketOwnerEnforced is.");
        }
        PutBucketOwnershipControlsResponse response =
                PutBucketOwnershipControlsResponse.builder().build();
        return call.commit(transaction -> response);
    }

    @Override
    public GetBucketAclResponse getBucketAcl(GetBucketAclRequest request) {
        Bucket bucket = require(request.bucket(), request.expectedBucketOwner());
        return GetBucketAclResponse.builder()
                .owner(Buckets.owner(bucket.account()))
                .grants(ownersGrant(bucket))
                .build();
    }

    @Override
    public PutBucketAclResponse putBucketAcl(PutBucketAclRequest request) {
        require(request.bucket(), request.expectedBucketOwner());
        if (request.aclAsString() == null) {
            throw ObjectHeaders.aclsOff();
        }
        ObjectHeaders.acl(request.aclAsString());
        PutBucketAclResponse response = PutBucketAclResponse.builder().build();
        return call.commit(transaction -> response);
    }

    /** The owner has everything, and nobody else has anything by a list. */
    static Grant ownersGrant(Bucket bucket) {
        return Grant.builder()
                .grantee(g -> g.type("CanonicalUser")
                        .id(Buckets.owner(bucket.account()).id()))
                .permission("FULL_CONTROL")
                .build();
    }

    @Override
    public GetBucketWebsiteResponse getBucketWebsite(GetBucketWebsiteRequest request) {
        throw absent(
                request.bucket(),
                "NoSuchWebsiteConfiguration",
                "The specified bucket does not have a website configuration");
    }

    @Override
    public GetBucketReplicationResponse getBucketReplication(GetBucketReplicationRequest request) {
        throw absent(
                request.bucket(),
                "ReplicationConfigurationNotFoundError",
                "The replication configuration was not found");
    }

    /** These two of the operations that put something answer 204. */
    private static <B extends S3Response.Builder> B noContent(B response) {
        response.sdkHttpResponse(SdkHttpResponse.builder().statusCode(204).build());
        return response;
    }

    private S3Exception absent(@Nullable String bucket, String code, String message) {
        return S3Errors.ofBucket(code, 404, message, require(bucket, null).name());
    }

    @Override
    public GetBucketLoggingResponse getBucketLogging(GetBucketLoggingRequest request) {
        require(request.bucket(), request.expectedBucketOwner());
        return GetBucketLoggingResponse.builder().build();
    }

    @Override
    public GetBucketAccelerateConfigurationResponse getBucketAccelerateConfiguration(
            GetBucketAccelerateConfigurationRequest request) {
        require(request.bucket(), request.expectedBucketOwner());
        return GetBucketAccelerateConfigurationResponse.builder().build();
    }

    @Override
    public GetBucketRequestPaymentResponse getBucketRequestPayment(GetBucketRequestPaymentRequest request) {
        require(request.bucket(), request.expectedBucketOwner());
        return GetBucketRequestPaymentResponse.builder().payer("BucketOwner").build();
    }
}
