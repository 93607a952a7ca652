package dev.groundplane.warehouse.storage;

import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.sql.SqlFailure;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** S3's errors in Redshift's words. */
public final class S3Failures {
    private static final String WORDS = "S3ServiceException:";

    private S3Failures() {}

    /** What the client is told when a call of S3 or STS failed. */
    public static SqlFailure of(SdkException failure, String place) {
        if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            var code = service.awsErrorDetails().errorCode();
            return SqlFailure.of(
                    code.equals("AccessDenied") ? SqlState.INSUFFICIENT_PRIVILEGE : SqlState.INTERNAL_ERROR,
                    (WORDS + "%s,Status %d,Error %s,Rid %s at %s")
                            .formatted(
                                    service.awsErrorDetails().errorMessage(),
                                    service.statusCode(),
                                    code,
                                    service.requestId(),
                                    place));
        }
        return SqlFailure.of(
                SqlState.CONNECTION_FAILURE, "S3 did not answer for %s: %s".formatted(place, failure.getMessage()));
    }

    /** Whether a failure is what S3 or STS answered. */
    public static boolean isOne(SqlFailure failure) {
        return String.valueOf(failure.getMessage()).startsWith(WORDS);
    }

    /** Whether S3 or STS refused something, which it may do for one object and not for another. */
    public static boolean isRefusal(SqlFailure failure) {
        return isOne(failure) && String.valueOf(failure.getMessage()).contains(",Status 4");
    }
}
