package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ForwardedCalls;
import dev.groundplane.services.redshift.Redshift;
import dev.groundplane.services.redshiftdata.Neighbours;
import dev.groundplane.services.redshiftdata.RedshiftData;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.secretsmanager.SecretsManager;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsResponse;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamRequest;
import software.amazon.awssdk.services.redshift.model.GetClusterCredentialsWithIamResponse;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** What the Data API asks of this installation's own Redshift, Redshift Serverless and Secrets Manager. */
record DataApiNeighbours(ForwardedCalls calls, RedshiftServerless redshift, Redshift clusters, SecretsManager secrets)
        implements Neighbours {
    @Override
    public RedshiftServerlessClient workgroups(Scope scope) {
        return redshift.client(new InternalCall(Caller.service(scope.account(), RedshiftData.PRINCIPAL), scope));
    }

    @Override
    public RedshiftClient clusters(Scope scope) {
        return clusters.client(new InternalCall(Caller.service(scope.account(), RedshiftData.PRINCIPAL), scope));
    }

    @Override
    public GetClusterCredentialsResponse clusterCredentials(Call call, GetClusterCredentialsRequest request) {
        return calls.make(
                call,
                "redshift:GetClusterCredentials",
                clusters.access(),
                request,
                made -> clusters.client(made).getClusterCredentials(request));
    }

    @Override
    public GetClusterCredentialsWithIamResponse clusterCredentials(
            Call call, GetClusterCredentialsWithIamRequest request) {
        return calls.make(
                call,
                "redshift:GetClusterCredentialsWithIAM",
                clusters.access(),
                request,
                made -> clusters.client(made).getClusterCredentialsWithIAM(request));
    }

    @Override
    public GetCredentialsResponse credentials(Call call, GetCredentialsRequest request) {
        return calls.make(
                call,
                "redshift-serverless:GetCredentials",
                redshift.access(),
                request,
                made -> redshift.client(made).getCredentials(request));
    }

    @Override
    public GetSecretValueResponse secret(Call call, GetSecretValueRequest request) {
        return calls.make(
                call,
                "secretsmanager:GetSecretValue",
                secrets.access(),
                request,
                made -> secrets.client(made).getSecretValue(request));
    }
}
