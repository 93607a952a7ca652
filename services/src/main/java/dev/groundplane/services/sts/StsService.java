package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** STS on behalf of one call. Source: AWS Security Token Service API Reference. */
public final class StsService implements StsClient {
    private final Call call;
    private final Sts sts;

    StsService(Call call, Sts sts) {
        this.call = call;
        this.sts = sts;
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
        return GetCallerIdentityResponse.builder()
                .account(call.caller().account())
                .arn(call.caller().arn())
                .userId(call.caller().userId())
                .build();
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        return sts.sessions().assume(call, request);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
