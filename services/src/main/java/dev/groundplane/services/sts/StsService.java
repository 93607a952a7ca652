package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import java.util.Objects;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.DecodeAuthorizationMessageRequest;
import software.amazon.awssdk.services.sts.model.DecodeAuthorizationMessageResponse;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoRequest;
import software.amazon.awssdk.services.sts.model.GetAccessKeyInfoResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetFederationTokenRequest;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;
import software.amazon.awssdk.services.sts.model.InvalidAuthorizationMessageException;

/** STS on behalf of one call. Source: AWS Security Token Service API Reference. */
public final class StsService implements StsClient {
    private static final String TEMPORARY = "ASIA";

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
        return sts.roleSessions().assume(call, request);
    }

    @Override
    public AssumeRoleWithWebIdentityResponse assumeRoleWithWebIdentity(AssumeRoleWithWebIdentityRequest request) {
        return sts.roleSessions().assume(call, request);
    }

    @Override
    public GetSessionTokenResponse getSessionToken(GetSessionTokenRequest request) {
        return sts.userSessions().forItself(call, request);
    }

    @Override
    public GetFederationTokenResponse getFederationToken(GetFederationTokenRequest request) {
        return sts.userSessions().federated(call, request);
    }

    /** Of long-term keys: temporary ones are kept nowhere, their session token alone tells whose they are. */
    @Override
    public GetAccessKeyInfoResponse getAccessKeyInfo(GetAccessKeyInfoRequest request) {
        String id = Objects.requireNonNullElse(request.accessKeyId(), "");
        if (id.startsWith(TEMPORARY)) {
            throw StsErrors.validation(
                    "GetAccessKeyInfo of the temporary key %s is not implemented by Groundplane: it keeps none.", id);
        }
        return GetAccessKeyInfoResponse.builder()
                .account(sts.accountOfKey(id)
                        .orElseThrow(() -> StsErrors.validation("The access key %s is not known.", id)))
                .build();
    }

    /**
     * Refuses every message: on AWS only services that are not here put encoded messages into refusals, EC2 above all. Here
     * refusals say in plain words which kind of policy was missing or denied.
     */
    @Override
    public DecodeAuthorizationMessageResponse decodeAuthorizationMessage(DecodeAuthorizationMessageRequest request) {
        if (request.encodedMessage() == null || request.encodedMessage().isEmpty()) {
            throw StsErrors.validation("1 validation error detected: Value null at 'encodedMessage' failed to satisfy"
                    + " constraint: Member must not be null");
        }
        throw InvalidAuthorizationMessageException.builder()
                .message("Message is not valid: no service of Groundplane encodes authorization messages")
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
