package dev.groundplane.services.secretsmanager;

import dev.groundplane.platform.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.APIErrorType;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.BatchGetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DecryptionFailureException;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretVersionIdsResponse;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsRequest;
import software.amazon.awssdk.services.secretsmanager.model.ListSecretsResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.RestoreSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretValueEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretVersionsListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.TagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceRequest;
import software.amazon.awssdk.services.secretsmanager.model.UntagResourceResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageRequest;
import software.amazon.awssdk.services.secretsmanager.model.UpdateSecretVersionStageResponse;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyResponse;

/**
 * Secrets Manager for one call. Shapes and errors are those of the <a
 * href="https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html">API reference</a>. An operation that
 * changes something may be called once.
 */
public final class SecretsManagerService implements SecretsManagerClient {
    private static final int MAX_BATCH = 20;

    private final Call call;
    private final SecretStore store;
    private final SecretVersions versions;
    private final Secrets secrets;
    private final SecretStages stages;
    private final SecretListing listing;
    private final SecretPolicies policies;
    private final SecretsManager service;

    SecretsManagerService(Call call, SecretsManager service) {
        this.call = call;
        this.service = service;
        this.store = service.store();
        this.versions = service.versions();
        this.secrets = new Secrets(store, versions, service.clock());
        this.stages = new SecretStages(store, secrets, versions, service.clock());
        this.listing = new SecretListing(store);
        this.policies = new SecretPolicies(store, secrets);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}

    @Override
    public CreateSecretResponse createSecret(CreateSecretRequest request) {
        return secrets.create(call, request);
    }

    @Override
    public UpdateSecretResponse updateSecret(UpdateSecretRequest request) {
        return secrets.update(call, request);
    }

    @Override
    public PutSecretValueResponse putSecretValue(PutSecretValueRequest request) {
        return stages.put(call, request);
    }

    @Override
    public UpdateSecretVersionStageResponse updateSecretVersionStage(UpdateSecretVersionStageRequest request) {
        return stages.move(call, request);
    }

    @Override
    public DeleteSecretResponse deleteSecret(DeleteSecretRequest request) {
        return secrets.delete(call, request);
    }

    @Override
    public RestoreSecretResponse restoreSecret(RestoreSecretRequest request) {
        return secrets.restore(call, Parameters.secretId(request.secretId()));
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest request) {
        return secrets.tag(call, request);
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest request) {
        return secrets.untag(call, request);
    }

    @Override
    public DescribeSecretResponse describeSecret(DescribeSecretRequest request) {
        return secrets.describe(require(request.secretId()));
    }

    @Override
    public ListSecretsResponse listSecrets(ListSecretsRequest request) {
        return listing.list(call.scope(), request);
    }

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
        return versions.value(require(request.secretId()), request.versionId(), request.versionStage());
    }

    @Override
    public ListSecretVersionIdsResponse listSecretVersionIds(ListSecretVersionIdsRequest request) {
        Secret secret = require(request.secretId());
        String after = Parameters.position(request.nextToken());
        int limit = Parameters.pageSize(request.maxResults(), 100);
        List<SecretVersionsListEntry> rest = versions.list(secret).stream()
                .filter(v -> Boolean.TRUE.equals(request.includeDeprecated())
                        || !v.versionStages().isEmpty())
                .filter(v -> v.versionId().compareTo(after) > 0)
                .toList();
        List<SecretVersionsListEntry> page = rest.subList(0, Math.min(limit, rest.size()));
        return ListSecretVersionIdsResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .versions(page)
                .nextToken(
                        page.size() == rest.size()
                                ? null
                                : Parameters.pageToken(page.getLast().versionId()))
                .build();
    }

    @Override
    public BatchGetSecretValueResponse batchGetSecretValue(BatchGetSecretValueRequest request) {
        if (request.secretIdList().isEmpty() == request.filters().isEmpty()) {
            throw SecretErrors.invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
        }
        List<SecretValueEntry> values = new ArrayList<>();
        List<APIErrorType> errors = new ArrayList<>();
        Optional<String> next = Optional.empty();
        if (request.filters().isEmpty()) {
            if (request.secretIdList().size() > MAX_BATCH || request.maxResults() != null) {
                throw SecretErrors.invalidParameter(
                        "'SecretIdList' can have at most %d members and no 'MaxResults'.", MAX_BATCH);
            }
            request.secretIdList().forEach(id -> get(id, values, errors));
        } else {
            SecretListing.Part part = listing.select(
                    call.scope(),
                    request.filters(),
                    false,
                    false,
                    Parameters.position(request.nextToken()),
                    Parameters.pageSize(request.maxResults(), MAX_BATCH));
            part.secrets().forEach(secret -> get(secret.arn(), values, errors));
            next = part.next();
        }
        return BatchGetSecretValueResponse.builder()
                .secretValues(values)
                .errors(errors)
                .nextToken(next.map(Parameters::pageToken).orElse(null))
                .build();
    }

    private void get(String id, List<SecretValueEntry> values, List<APIErrorType> errors) {
        if (!service.allowed(call, "secretsmanager:GetSecretValue", id)) {
            errors.add(APIErrorType.builder()
                    .secretId(id)
                    .errorCode("AccessDeniedException")
                    .message("User: %s is not authorized to perform: secretsmanager:GetSecretValue on this secret"
                            .formatted(call.caller().arn()))
                    .build());
            return;
        }
        try {
            GetSecretValueResponse value = versions.value(require(id), null, null);
            values.add(SecretValueEntry.builder()
                    .arn(value.arn())
                    .name(value.name())
                    .versionId(value.versionId())
                    .secretString(value.secretString())
                    .secretBinary(value.secretBinary())
                    .versionStages(value.versionStages())
                    .createdDate(value.createdDate())
                    .build());
        } catch (ResourceNotFoundException | InvalidRequestException | DecryptionFailureException e) {
            errors.add(error(id, e));
        }
    }

    private static APIErrorType error(String id, SecretsManagerException e) {
        // The wire code of DecryptionFailureException is without its ending; the other two are as their classes.
        String code = e instanceof DecryptionFailureException
                ? "DecryptionFailure"
                : e.getClass().getSimpleName();
        return APIErrorType.builder()
                .secretId(id)
                .errorCode(code)
                .message(e.getMessage())
                .build();
    }

    @Override
    public PutResourcePolicyResponse putResourcePolicy(PutResourcePolicyRequest request) {
        return policies.put(call, request);
    }

    @Override
    public GetResourcePolicyResponse getResourcePolicy(GetResourcePolicyRequest request) {
        return SecretPolicies.get(require(request.secretId()));
    }

    @Override
    public DeleteResourcePolicyResponse deleteResourcePolicy(DeleteResourcePolicyRequest request) {
        return policies.delete(call, request);
    }

    @Override
    public ValidateResourcePolicyResponse validateResourcePolicy(ValidateResourcePolicyRequest request) {
        return SecretPolicies.validate(request);
    }

    @Override
    public GetRandomPasswordResponse getRandomPassword(GetRandomPasswordRequest request) {
        return GetRandomPasswordResponse.builder()
                .randomPassword(RandomPassword.of(request))
                .build();
    }

    private Secret require(@Nullable String id) {
        return store.find(call.scope(), Parameters.secretId(id)).orElseThrow(SecretErrors::notFound);
    }
}
