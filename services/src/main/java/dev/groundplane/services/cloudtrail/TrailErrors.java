package dev.groundplane.services.cloudtrail;

import software.amazon.awssdk.services.cloudtrail.model.CloudTrailArnInvalidException;
import software.amazon.awssdk.services.cloudtrail.model.InsufficientS3BucketPolicyException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidEventSelectorsException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidHomeRegionException;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTrailNameException;
import software.amazon.awssdk.services.cloudtrail.model.S3BucketDoesNotExistException;
import software.amazon.awssdk.services.cloudtrail.model.TrailNotFoundException;
import software.amazon.awssdk.services.cloudtrail.model.UnsupportedOperationException;

/** CloudTrail's modeled exceptions, in AWS's wording. */
final class TrailErrors {
    private TrailErrors() {}

    static TrailNotFoundException notFound(String nameOrArn, String account) {
        return TrailNotFoundException.builder()
                .message("Unknown trail: %s for the user: %s".formatted(nameOrArn, account))
                .build();
    }

    static InvalidTrailNameException invalidName(String message, Object... values) {
        return InvalidTrailNameException.builder()
                .message(message.formatted(values))
                .build();
    }

    static InvalidHomeRegionException notAtHome(String arn, String home) {
        return InvalidHomeRegionException.builder()
                .message("The trail %s can only be changed in its home region, %s.".formatted(arn, home))
                .build();
    }

    static CloudTrailArnInvalidException invalidArn(String arn) {
        return CloudTrailArnInvalidException.builder()
                .message("'%s' is not the ARN of a trail; one has the form".formatted(arn)
                        + " arn:aws:cloudtrail:us-east-1:123456789012:trail/NAME")
                .build();
    }

    static S3BucketDoesNotExistException noBucket(String bucket) {
        return S3BucketDoesNotExistException.builder()
                .message("S3 bucket %s does not exist!".formatted(bucket))
                .build();
    }

    static InsufficientS3BucketPolicyException insufficientPolicy(String bucket, String why) {
        return InsufficientS3BucketPolicyException.builder()
                .message("Incorrect S3 bucket policy is detected for bucket: %s (%s)".formatted(bucket, why))
                .build();
    }

    static InvalidEventSelectorsException invalidSelectors(String message, Object... values) {
        return InvalidEventSelectorsException.builder()
                .message(message.formatted(values))
                .build();
    }

    /** @param member what was asked for and is not acted on */
    static UnsupportedOperationException notImplemented(String member) {
        return UnsupportedOperationException.builder()
                .message("%s is not implemented by Groundplane; leave it out.".formatted(member))
                .build();
    }
}
