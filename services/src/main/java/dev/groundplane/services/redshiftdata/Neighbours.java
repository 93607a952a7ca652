package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
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

/** The services that the Data API asks. Thread-safe. */
public interface Neighbours {
    /** Redshift Serverless, for look-ups of workgroups in an account and region that are no calls of anybody. */
    RedshiftServerlessClient workgroups(Scope scope);

    /** Redshift, for look-ups of clusters in an account and region that are no calls of anybody. */
    RedshiftClient clusters(Scope scope);

    /** Redshift Serverless's GetCredentials on behalf of a caller, who needs the right to it. */
    GetCredentialsResponse credentials(Call call, GetCredentialsRequest request);

    /** Redshift's GetClusterCredentials on behalf of a caller, who needs the right to it. */
    GetClusterCredentialsResponse clusterCredentials(Call call, GetClusterCredentialsRequest request);

    /** Redshift's GetClusterCredentialsWithIAM on behalf of a caller, who needs the right to it. */
    GetClusterCredentialsWithIamResponse clusterCredentials(Call call, GetClusterCredentialsWithIamRequest request);

    /** Secrets Manager's GetSecretValue on behalf of a caller, who needs the right to it. */
    GetSecretValueResponse secret(Call call, GetSecretValueRequest request);
}
