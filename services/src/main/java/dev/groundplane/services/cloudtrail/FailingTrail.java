package dev.groundplane.services.cloudtrail;

import java.util.Optional;

/**
 * A trail whose last delivery, or digest, was refused. It is tried again until it succeeds; nothing is lost meanwhile.
 *
 * @param arn the trail's
 * @param bucket where it delivers
 * @param error what S3 answered, for example {@code AccessDenied}
 */
public record FailingTrail(String arn, String bucket, String error) {
    static Optional<FailingTrail> of(TrailState trail) {
        return trail.deliveryError()
                .or(trail::digestError)
                .map(error -> new FailingTrail(trail.arn(), trail.bucket(), error));
    }
}
