package dev.groundplane.services.iam;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.UnmodifiableEntityException;

/** IAM's exceptions, in AWS's wording. */
final class IamErrors {
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private IamErrors() {}

    static NoSuchEntityException noSuch(EntityKind kind, String name) {
        return noSuch("The %s with name %s cannot be found.".formatted(kind.word(), name));
    }

    static NoSuchEntityException noSuchInlinePolicy(EntityKind kind, String name) {
        return noSuch("The %s policy with name %s cannot be found.".formatted(kind.word(), name));
    }

    static NoSuchEntityException noSuchPolicy(String arn) {
        return noSuch("Policy %s was not found.".formatted(arn));
    }

    static NoSuchEntityException noSuch(String message) {
        return NoSuchEntityException.builder().message(message).build();
    }

    /** @param what {@code Role with name X} */
    static EntityAlreadyExistsException exists(String what) {
        return EntityAlreadyExistsException.builder()
                .message(what + " already exists.")
                .build();
    }

    static EntityAlreadyExistsException exists(String what, String why) {
        return EntityAlreadyExistsException.builder()
                .message(what + " already exists. " + why)
                .build();
    }

    /** @param what {@code delete policies} */
    static DeleteConflictException conflict(String what) {
        return DeleteConflictException.builder()
                .message("Cannot delete entity, must %s first.".formatted(what))
                .build();
    }

    static DeleteConflictException deleteConflict(String message) {
        return DeleteConflictException.builder().message(message).build();
    }

    static MalformedPolicyDocumentException malformed(String message) {
        return MalformedPolicyDocumentException.builder().message(message).build();
    }

    static LimitExceededException limitExceeded(String quota, int limit) {
        return LimitExceededException.builder()
                .message("Cannot exceed quota for %s: %d".formatted(quota, limit))
                .build();
    }

    static InvalidInputException invalidInput(String message, Object... values) {
        return InvalidInputException.builder()
                .message(message.formatted(values))
                .build();
    }

    static UnmodifiableEntityException builtIn(String role) {
        return UnmodifiableEntityException.builder()
                .message("Cannot perform the operation on the protected role '%s' - this role is only modifiable by"
                                .formatted(role)
                        + " Groundplane; make a role of your own with the policy that get-role-policy shows")
                .build();
    }

    static UnmodifiableEntityException serviceLinked(String role) {
        return UnmodifiableEntityException.builder()
                .message("Cannot perform the operation on the protected role '%s' - this role is only modifiable by AWS"
                        .formatted(role))
                .build();
    }

    static IamException accessDenied(String message, Object... values) {
        return (IamException) IamException.builder()
                .statusCode(FORBIDDEN)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("AccessDenied")
                        .errorMessage(message.formatted(values))
                        .build())
                .build();
    }

    /** AWS has no modeled exception for members that break their constraints. */
    static IamException validation(String message, Object... values) {
        return (IamException) IamException.builder()
                .statusCode(BAD_REQUEST)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ValidationError")
                        .errorMessage(message.formatted(values))
                        .build())
                .build();
    }
}
