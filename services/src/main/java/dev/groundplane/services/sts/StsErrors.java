package dev.groundplane.services.sts;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sts.model.StsException;

/** STS's errors that its model does not have, in AWS's wording. */
final class StsErrors {
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private StsErrors() {}

    static StsException denied(String message) {
        return error(FORBIDDEN, "AccessDenied", message);
    }

    static StsException constraint(String member, String value, String constraint) {
        return validation(
                "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s",
                value, member, constraint);
    }

    static StsException validation(String message, Object... values) {
        return error(BAD_REQUEST, "ValidationError", message.formatted(values));
    }

    static StsException invalidParameter(String message, Object... values) {
        return error(BAD_REQUEST, "InvalidParameterValue", message.formatted(values));
    }

    private static StsException error(int status, String code, String message) {
        return (StsException) StsException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
