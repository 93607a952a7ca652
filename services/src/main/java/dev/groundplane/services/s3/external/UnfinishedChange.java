package dev.groundplane.services.s3.external;

import dev.groundplane.platform.identity.Scope;
import java.time.Instant;

/**
 * A change of which nobody knows whether it was made.
 *
 * @param scope of the call
 * @param caller the ARN of who called
 * @param requestId that the caller would have got
 * @param key empty when it is about a bucket
 * @param made when the call came
 */
public record UnfinishedChange(
        long id,
        Scope scope,
        String caller,
        String requestId,
        String operation,
        String bucket,
        String key,
        Instant made) {}
