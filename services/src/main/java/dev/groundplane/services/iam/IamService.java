package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;

/**
 * IAM on behalf of one call. Shapes and errors are those of the AWS Identity and Access Management API Reference. An
 * operation that changes something may be called once.
 */
public final class IamService extends UserOperations {
    IamService(Call call, Iam iam) {
        super(call, iam);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    /** Does nothing: there is nothing to close. */
    @Override
    public void close() {}
}
