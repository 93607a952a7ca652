package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** STS for one call. Source: AWS Security Token Service API Reference. */
public final class StsService implements StsClient {
    private final Call call;

    /** @param call whose identity is asked for */
    public StsService(Call call) {
        this.call = call;
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
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
