package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The services that the Data API asks. Thread-safe. */
public interface Neighbours {
    /** Redshift Serverless, for look-ups of workgroups in an account and region that are no calls of anybody. */
    RedshiftServerlessClient workgroups(Scope scope);

    /** Redshift Serverless on behalf of a caller, who needs the right to what is asked. */
    RedshiftServerlessClient redshift(Call call);

    /** Secrets Manager on behalf of a caller, who needs the right to what is asked. */
    SecretsManagerClient secrets(Call call);
}
