package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.services.AccessModel;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The part of STS that lives as long as the process. Thread-safe. */
public final class Sts {
    private final RoleSessions roleSessions;
    private final UserSessions userSessions;
    private final Function<String, Optional<String>> accountOfKey;

    /**
     * @param credentials makes temporary credentials
     * @param iam IAM in an account, for STS itself; asked for roles, policies and identity providers
     * @param decisions decides on roles that are assumed
     * @param accountOfKey the account of a long-term access key
     * @param issuerKeys keys of identity providers that are not asked for them
     * @param clock tells when sessions begin
     */
    public Sts(
            SessionCredentials credentials,
            Function<String, IamClient> iam,
            AccessDecisions decisions,
            Function<String, Optional<String>> accountOfKey,
            ConfiguredKeys issuerKeys,
            InstantSource clock) {
        WebIdentities identities = new WebIdentities(iam, new IssuerKeys(issuerKeys, clock), clock);
        roleSessions = new RoleSessions(credentials, iam, decisions, identities, clock);
        userSessions = new UserSessions(credentials, iam, clock);
        this.accountOfKey = accountOfKey;
    }

    /** STS on behalf of one call. */
    public StsClient client(Call call) {
        return new StsService(call, this);
    }

    /** What STS's operations ask to do. */
    public static AccessModel access() {
        return new StsAccess();
    }

    RoleSessions roleSessions() {
        return roleSessions;
    }

    UserSessions userSessions() {
        return userSessions;
    }

    Optional<String> accountOfKey(String accessKeyId) {
        return accountOfKey.apply(accessKeyId);
    }
}
