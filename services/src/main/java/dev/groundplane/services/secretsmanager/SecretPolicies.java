package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.secretsmanager.model.PublicPolicyException;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.ValidationErrorsEntry;

/** The resource policies of secrets. A change holds from the next call on. */
final class SecretPolicies {
    private static final int MOST_CHARACTERS = 20_480;

    private final SecretStore store;
    private final Secrets secrets;

    SecretPolicies(SecretStore store, Secrets secrets) {
        this.store = store;
        this.secrets = secrets;
    }

    PutResourcePolicyResponse put(Call call, PutResourcePolicyRequest request) {
        Parameters.supported(request, "SecretId", "ResourcePolicy", "BlockPublicPolicy");
        String text = text(request.resourcePolicy());
        Policy policy = parse(text);
        if (Boolean.TRUE.equals(request.blockPublicPolicy()) && policy.isPublic()) {
            throw PublicPolicyException.builder()
                    .message("You can't attach this resource policy to the secret because it allows broad access to the"
                            + " secret.")
                    .build();
        }
        return call.commit(tx -> {
            Secret secret = secrets.active(tx, call.scope(), request.secretId());
            store.secrets().update(tx, secret.stored().withExtra(SecretStore.POLICY, text));
            return PutResourcePolicyResponse.builder()
                    .arn(secret.arn())
                    .name(secret.name())
                    .build();
        });
    }

    private static String text(@Nullable String policy) {
        if (policy == null || policy.isEmpty() || policy.length() > MOST_CHARACTERS) {
            throw Parameters.violation("resourcePolicy", "Member must have length between 1 and " + MOST_CHARACTERS);
        }
        return policy;
    }

    private static Policy parse(String text) {
        try {
            return Policy.parseResourcePolicy(text);
        } catch (MalformedPolicyException e) {
            throw MalformedPolicyDocumentException.builder()
                    .message("This resource policy contains a syntax error: " + e.getMessage())
                    .build();
        }
    }

    static GetResourcePolicyResponse get(Secret secret) {
        return GetResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .resourcePolicy(secret.policy().orElse(null))
                .build();
    }

    /** Idempotent. */
    DeleteResourcePolicyResponse delete(Call call, DeleteResourcePolicyRequest request) {
        return call.commit(tx -> {
            Secret secret = store.require(tx, call.scope(), Parameters.secretId(request.secretId()));
            store.secrets().update(tx, secret.stored().withExtra(SecretStore.POLICY, null));
            return DeleteResourcePolicyResponse.builder()
                    .arn(secret.arn())
                    .name(secret.name())
                    .build();
        });
    }

    static ValidateResourcePolicyResponse validate(ValidateResourcePolicyRequest request) {
        List<ValidationErrorsEntry> errors = List.of();
        try {
            Policy policy = Policy.parseResourcePolicy(text(request.resourcePolicy()));
            if (policy.isPublic()) {
                errors = List.of(error("BlockPublicPolicy", "The policy allows broad access to the secret."));
            }
        } catch (MalformedPolicyException e) {
            errors = List.of(error("PolicySyntax", String.valueOf(e.getMessage())));
        }
        return ValidateResourcePolicyResponse.builder()
                .policyValidationPassed(errors.isEmpty())
                .validationErrors(errors)
                .build();
    }

    private static ValidationErrorsEntry error(String check, String message) {
        return ValidationErrorsEntry.builder()
                .checkName(check)
                .errorMessage(message)
                .build();
    }
}
