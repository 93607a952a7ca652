package dev.groundplane.server;

import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/** S3 as an installation without it answers: there is no bucket. */
final class NoBuckets implements S3Client {
    @Override
    public HeadBucketResponse headBucket(HeadBucketRequest request) {
        throw NoSuchBucketException.builder()
                .message("The specified bucket does not exist")
                .statusCode(404)
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
