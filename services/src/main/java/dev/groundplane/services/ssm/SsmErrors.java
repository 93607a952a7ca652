package dev.groundplane.services.ssm;

import dev.groundplane.wire.WireException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ssm.model.InvalidActivationException;
import software.amazon.awssdk.services.ssm.model.InvalidActivationIdException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterKeyException;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceInformationFilterValueException;
import software.amazon.awssdk.services.ssm.model.InvalidNextTokenException;
import software.amazon.awssdk.services.ssm.model.SsmException;

/** The exceptions of activations and managed instances. */
final class SsmErrors {
    private static final int BAD_REQUEST = 400;

    private SsmErrors() {}

    static SsmException validation(String message, Object... values) {
        return error("ValidationException", message.formatted(values));
    }

    static SsmException accessDenied(String message, Object... values) {
        return error("AccessDeniedException", message.formatted(values));
    }

    private static SsmException error(String code, String message) {
        return (SsmException) SsmException.builder()
                .statusCode(BAD_REQUEST)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }

    static InvalidActivationIdException invalidActivationId(String id) {
        return InvalidActivationIdException.builder()
                .message("'%s' is not the id of an activation".formatted(id))
                .build();
    }

    static InvalidActivationException noSuchActivation(String id) {
        return InvalidActivationException.builder()
                .message("There is no activation " + id)
                .build();
    }

    static InvalidInstanceIdException invalidInstanceId(String id) {
        return InvalidInstanceIdException.builder()
                .message("Not existing InstanceId " + id)
                .build();
    }

    static InvalidFilterKeyException invalidFilterKey(String key, String allowed) {
        return InvalidFilterKeyException.builder()
                .message("The filter key '%s' is not valid; valid are %s".formatted(key, allowed))
                .build();
    }

    static InvalidInstanceInformationFilterValueException invalidFilterValue(String message) {
        return InvalidInstanceInformationFilterValueException.builder()
                .message(message)
                .build();
    }

    static InvalidNextTokenException invalidNextToken(String token) {
        return InvalidNextTokenException.builder()
                .message("The specified token '%s' is not valid.".formatted(token))
                .build();
    }

    /** An error of the managed instances' own protocol, which no public model has. */
    static WireException protocol(String code, String message, Object... values) {
        return WireException.of(code, BAD_REQUEST, message.formatted(values));
    }
}
