package dev.groundplane.server;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.server.http.ForwardedCalls;
import dev.groundplane.services.redshiftdata.Neighbours;
import dev.groundplane.services.redshiftdata.RedshiftData;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.secretsmanager.SecretsManager;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsRequest;
import software.amazon.awssdk.services.redshiftserverless.model.GetCredentialsResponse;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** What the Data API asks of this installation's own Redshift Serverless and Secrets Manager. */
record DataApiNeighbours(ForwardedCalls calls, RedshiftServerless redshift, SecretsManager secrets)
        implements Neighbours {
    @Override
    public RedshiftServerlessClient workgroups(Scope scope) {
        return redshift.client(new InternalCall(Caller.service(scope.account(), RedshiftData.PRINCIPAL), scope));
    }

    @Override
    public RedshiftServerlessClient redshift(Call call) {
        return new CallersRedshift(call);
    }

    @Override
    public SecretsManagerClient secrets(Call call) {
        return new CallersSecrets(call);
    }

    private final class CallersRedshift implements RedshiftServerlessClient {
        private final Call origin;

        private CallersRedshift(Call origin) {
            this.origin = origin;
        }

        @Override
        public GetCredentialsResponse getCredentials(GetCredentialsRequest request) {
            return calls.make(
                    origin,
                    "redshift-serverless:GetCredentials",
                    redshift.access(),
                    request,
                    call -> redshift.client(call).getCredentials(request));
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private final class CallersSecrets implements SecretsManagerClient {
        private final Call origin;

        private CallersSecrets(Call origin) {
            this.origin = origin;
        }

        @Override
        public GetSecretValueResponse getSecretValue(GetSecretValueRequest request) {
            return calls.make(
                    origin,
                    "secretsmanager:GetSecretValue",
                    secrets.access(),
                    request,
                    call -> secrets.client(call).getSecretValue(request));
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
