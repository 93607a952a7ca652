package dev.groundplane.services.cloudtrail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.GetBucketPolicyResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The part of S3 that CloudTrail uses, in memory. It can fail after it has written, as when the process is killed then. */
final class FakeBuckets implements S3Client {
    /**
     * An object.
     *
     * @param writes how often it was written
     */
    record Written(byte[] content, Map<String, String> metadata, int writes) {}

    final SortedMap<String, Written> objects = new TreeMap<>();
    final Map<String, String> policies = new TreeMap<>();
    boolean killedAfterWriting;

    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        if (!policies.containsKey(request.bucket())) {
            throw failure("NoSuchBucket");
        }
        return HeadBucketResponse.builder().build();
    }

    @Override
    public GetBucketPolicyResponse getBucketPolicy(GetBucketPolicyRequest request) {
        return Optional.of(policies.get(request.bucket()))
                .filter(policy -> !policy.isEmpty())
                .map(policy -> GetBucketPolicyResponse.builder().policy(policy).build())
                .orElseThrow(() -> failure("NoSuchBucketPolicy"));
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        try (var content = body.contentStreamProvider().newStream()) {
            String name = request.bucket() + "/" + request.key();
            int before = objects.containsKey(name) ? objects.get(name).writes() : 0;
            objects.put(name, new Written(content.readAllBytes(), request.metadata(), before + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (killedAfterWriting) {
            throw new IllegalStateException("killed");
        }
        return PutObjectResponse.builder().build();
    }

    private static S3Exception failure(String code) {
        return (S3Exception) S3Exception.builder()
                .statusCode(404)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
