package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ServiceCalls;
import java.util.function.Function;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueResponse;

/** Secrets Manager as a service calls it, on its own behalf, to keep secrets that it makes itself, and to use those that it was given. */
final class ServiceSecrets implements SecretsManagerClient {
    private final ServiceCalls calls;
    private final Function<Call, SecretsManagerClient> secrets;
    private final String principal;
    private final Scope scope;

    /**
     * @param secrets Secrets Manager on behalf of one call
     * @param principal for example {@code redshift.amazonaws.com}
     */
    ServiceSecrets(ServiceCalls calls, Function<Call, SecretsManagerClient> secrets, String principal, Scope scope) {
        this.calls = calls;
        this.secrets = secrets;
        this.principal = principal;
        this.scope = scope;
    }

    @Override
    public CreateSecretResponse createSecret(CreateSecretRequest request) {
        return calls.make(
                principal,
                scope,
                "secretsmanager:CreateSecret",
                request,
                call -> secrets.apply(call).createSecret(request));
    }

    @Override
    public DeleteSecretResponse deleteSecret(DeleteSecretRequest request) {
        return calls.make(
                principal,
                scope,
                "secretsmanager:DeleteSecret",
                request,
                call -> secrets.apply(call).deleteSecret(request));
    }

    @Override
    public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
        return calls.make(
                principal,
                scope,
                "secretsmanager:GetSecretValue",
                request,
                call -> secrets.apply(call).getSecretValue(request));
    }

    @Override
    public PutSecretValueResponse putSecretValue(PutSecretValueRequest request) {
        return calls.make(
                principal,
                scope,
                "secretsmanager:PutSecretValue",
                request,
                call -> secrets.apply(call).putSecretValue(request));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
