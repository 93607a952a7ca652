package dev.groundplane.services.organizations;

import software.amazon.awssdk.services.organizations.model.AccessDeniedException;
import software.amazon.awssdk.services.organizations.model.AccountNotFoundException;
import software.amazon.awssdk.services.organizations.model.AwsOrganizationsNotInUseException;
import software.amazon.awssdk.services.organizations.model.ConstraintViolationException;
import software.amazon.awssdk.services.organizations.model.ConstraintViolationExceptionReason;
import software.amazon.awssdk.services.organizations.model.InvalidInputException;
import software.amazon.awssdk.services.organizations.model.InvalidInputExceptionReason;
import software.amazon.awssdk.services.organizations.model.OrganizationalUnitNotFoundException;
import software.amazon.awssdk.services.organizations.model.ParentNotFoundException;
import software.amazon.awssdk.services.organizations.model.PolicyNotFoundException;
import software.amazon.awssdk.services.organizations.model.TargetNotFoundException;

/** Organizations' modeled exceptions, in AWS's wording. */
final class OrganizationErrors {
    private OrganizationErrors() {}

    static AwsOrganizationsNotInUseException notInUse() {
        return AwsOrganizationsNotInUseException.builder()
                .message("Your account is not a member of an organization.")
                .build();
    }

    static AccessDeniedException managementOnly() {
        return AccessDeniedException.builder()
                .message("You don't have permissions to access this resource.")
                .build();
    }

    static InvalidInputException invalid(InvalidInputExceptionReason reason, String message, Object... values) {
        return InvalidInputException.builder()
                .reason(reason)
                .message(message.formatted(values))
                .build();
    }

    static ConstraintViolationException violation(
            ConstraintViolationExceptionReason reason, String message, Object... values) {
        return ConstraintViolationException.builder()
                .reason(reason)
                .message(message.formatted(values))
                .build();
    }

    static AccountNotFoundException noAccount(String id) {
        return AccountNotFoundException.builder()
                .message("You specified an account that doesn't exist: " + id)
                .build();
    }

    static OrganizationalUnitNotFoundException noUnit(String id) {
        return OrganizationalUnitNotFoundException.builder()
                .message("You specified an organizational unit that doesn't exist: " + id)
                .build();
    }

    static ParentNotFoundException noParent(String id) {
        return ParentNotFoundException.builder()
                .message("You specified a parent that doesn't exist: " + id)
                .build();
    }

    static PolicyNotFoundException noPolicy(String id) {
        return PolicyNotFoundException.builder()
                .message("You specified a policy that doesn't exist: " + id)
                .build();
    }

    static TargetNotFoundException noTarget(String id) {
        return TargetNotFoundException.builder()
                .message("You specified a target that doesn't exist: " + id)
                .build();
    }
}
