package dev.groundplane.services.glue;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/** What Glue asks of other services. Thread-safe. */
public interface GlueNeighbours {
    /** A secret, on behalf of a call's caller, who needs the right to it. */
    GetSecretValueResponse secret(Call call, GetSecretValueRequest request);

    /** A small object, on behalf of a call's caller, who needs the right to it. */
    byte[] object(Call call, GetObjectRequest request);

    /** A secret, on behalf of Glue itself: of a connection whose maker had the right to it. */
    GetSecretValueResponse secret(Scope scope, GetSecretValueRequest request);
}
