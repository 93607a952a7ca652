package dev.groundplane.services.iam;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.UnmodifiableEntityException;

/** IAM's exceptions, in AWS's wording. */
final class IamErrors {
    private static final int BAD_REQUEST = 400;

    private IamErrors() {}

    static NoSuchEntityException noSuchRole(String name) {
        return NoSuchEntityException.builder()
                .message("The role with name %s cannot be found.".formatted(name))
                .build();
    }

    static NoSuchEntityException noSuchPolicy(String name) {
        return NoSuchEntityException.builder()
                .message("The role policy with name %s cannot be found.".formatted(name))
                .build();
    }

    static EntityAlreadyExistsException roleExists(String name) {
        return EntityAlreadyExistsException.builder()
                .message("Role with name %s already exists.".formatted(name))
                .build();
    }

    static DeleteConflictException policiesFirst() {
        return DeleteConflictException.builder()
                .message("Cannot delete entity, must delete policies first.")
                .build();
    }

    static MalformedPolicyDocumentException malformed(String message) {
        return MalformedPolicyDocumentException.builder().message(message).build();
    }

    static LimitExceededException limitExceeded(String quota, int limit) {
        return LimitExceededException.builder()
                .message("Cannot exceed quota for %s: %d".formatted(quota, limit))
                .build();
    }

    static UnmodifiableEntityException builtIn(String role) {
        return UnmodifiableEntityException.builder()
                .message("Cannot perform the operation on the protected role '%s' - this role is only modifiable by"
                                .formatted(role)
                        + " Groundplane; make a role of your own with the policy that get-role-policy shows")
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
