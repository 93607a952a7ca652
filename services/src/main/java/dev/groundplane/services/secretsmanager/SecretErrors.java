package dev.groundplane.services.secretsmanager;

import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets Manager's modeled exceptions, in AWS's wording. */
final class SecretErrors {
    private SecretErrors() {}

    static ResourceNotFoundException notFound() {
        return ResourceNotFoundException.builder()
                .message("Secrets Manager can't find the specified secret.")
                .build();
    }

    /** @param what {@code staging label: X} or {@code VersionId: X} */
    static ResourceNotFoundException noValue(String what) {
        return ResourceNotFoundException.builder()
                .message("Secrets Manager can't find the specified secret value for " + what)
                .build();
    }

    static InvalidRequestException markedForDeletion() {
        return invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
    }

    static InvalidRequestException invalidRequest(String message, Object... values) {
        return InvalidRequestException.builder()
                .message(message.formatted(values))
                .build();
    }

    static InvalidParameterException invalidParameter(String message, Object... values) {
        return InvalidParameterException.builder()
                .message(message.formatted(values))
                .build();
    }

    static ResourceExistsException exists(String message, Object... values) {
        return ResourceExistsException.builder()
                .message(message.formatted(values))
                .build();
    }
}
