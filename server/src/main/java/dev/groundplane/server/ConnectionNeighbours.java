package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ForwardedCalls;
import dev.groundplane.services.glue.GlueNeighbours;
import dev.groundplane.services.secretsmanager.SecretsManager;
import java.util.function.Function;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * What Glue asks of this installation's own Secrets Manager and S3.
 *
 * @param own Secrets Manager on behalf of Glue itself
 */
record ConnectionNeighbours(
        ForwardedCalls calls, SecretsManager secrets, InstalledS3 s3, Function<Scope, SecretsManagerClient> own)
        implements GlueNeighbours {
    @Override
    public GetSecretValueResponse secret(Call call, GetSecretValueRequest request) {
        return calls.make(
                call,
                "secretsmanager:GetSecretValue",
                secrets.access(),
                request,
                made -> secrets.client(made).getSecretValue(request));
    }

    @Override
    public byte[] object(Call call, GetObjectRequest request) {
        return calls.make(
                call,
                "s3:GetObject",
                s3.access(),
                request,
                made -> s3.client(made)
                        .getObject(request, ResponseTransformer.toBytes())
                        .asByteArray());
    }

    @Override
    public GetSecretValueResponse secret(Scope scope, GetSecretValueRequest request) {
        return own.apply(scope).getSecretValue(request);
    }
}
