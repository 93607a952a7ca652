package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.SessionCredentials;
import java.time.InstantSource;
import java.util.function.Function;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The part of STS that lives as long as the process. Thread-safe. */
public final class Sts {
    private final RoleSessions sessions;

    /**
     * @param credentials makes temporary credentials
     * @param iam IAM in an account, for STS itself; asked for roles only
     * @param clock tells when sessions begin
     */
    public Sts(SessionCredentials credentials, Function<String, IamClient> iam, InstantSource clock) {
        sessions = new RoleSessions(credentials, iam, clock);
    }

    /** STS on behalf of one call. */
    public StsClient client(Call call) {
        return new StsService(call, this);
    }

    RoleSessions sessions() {
        return sessions;
    }
}
