package dev.groundplane.agent.secrets;

import dev.groundplane.agent.driver.StartFailure;

/**
 * An S3 object.
 *
 * @param bucket the bucket's name
 * @param key the object's key, which may have slashes
 */
public record ObjectReference(String bucket, String key) {
    private static final String PREFIX = ":s3:::";

    /** Reads an object's ARN, {@code arn:aws:s3:::bucket/key}. */
    public static ObjectReference parse(String arn) throws StartFailure {
        var start = arn.indexOf(PREFIX);
        var slash = arn.indexOf('/');
        if (!arn.startsWith("arn:") || start < 0 || slash < 0 || slash == arn.length() - 1) {
            throw new StartFailure("%s is not the ARN of an S3 object, arn:aws:s3:::bucket/key".formatted(arn));
        }
        return new ObjectReference(arn.substring(start + PREFIX.length(), slash), arn.substring(slash + 1));
    }
}
