package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.identity.SessionDetails;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.model.GetFederationTokenRequest;
import software.amazon.awssdk.services.sts.model.GetFederationTokenResponse;
import software.amazon.awssdk.services.sts.model.GetSessionTokenRequest;
import software.amazon.awssdk.services.sts.model.GetSessionTokenResponse;

/** Temporary credentials of users and of the root: for themselves, and for those whom they federate. */
final class UserSessions {
    private static final int DEFAULT_SECONDS = 43_200;
    private static final int MOST_SECONDS = 129_600;
    private static final int ROOT_SECONDS = 3_600;

    private final SessionCredentials credentials;
    private final Function<String, IamClient> iam;
    private final InstantSource clock;

    UserSessions(SessionCredentials credentials, Function<String, IamClient> iam, InstantSource clock) {
        this.credentials = credentials;
        this.iam = iam;
        this.clock = clock;
    }

    GetSessionTokenResponse forItself(Call call, GetSessionTokenRequest request) {
        SessionMembers.supported(request, "DurationSeconds");
        Caller caller = call.caller();
        requireLongTerm(caller, "GetSessionToken");
        int seconds = seconds(caller, request.durationSeconds());
        Caller session = caller.calling(Map.of())
                .begunWith(SessionDetails.begun(clock.instant().getEpochSecond()));
        SessionCredentials.Keys made =
                credentials.issue(session, clock.instant().plusSeconds(seconds));
        return call.commit(tx -> GetSessionTokenResponse.builder()
                .credentials(c -> c.accessKeyId(made.accessKeyId())
                        .secretAccessKey(made.secretAccessKey())
                        .sessionToken(made.sessionToken())
                        .expiration(made.expiration()))
                .build());
    }

    GetFederationTokenResponse federated(Call call, GetFederationTokenRequest request) {
        SessionMembers.supported(request, "Name", "DurationSeconds", "Policy", "PolicyArns.*", "Tags.*");
        Caller caller = call.caller();
        requireLongTerm(caller, "GetFederationToken");
        if (caller.isRoot()) {
            throw StsErrors.validation(
                    "GetFederationToken by the root is not implemented by Groundplane; call it as a user.");
        }
        String name = SessionMembers.name("name", request.name(), 32);
        RoleSessions.refuseInstanceName(name);
        int seconds = seconds(caller, request.durationSeconds());
        SessionDetails details = new SessionDetails(
                SessionMembers.policy(request.policy()),
                SessionMembers.policyArns(request.policyArns(), iam.apply(caller.account())),
                SessionMembers.tags(request.tags(), SessionDetails.NONE),
                List.of(),
                clock.instant().getEpochSecond(),
                caller.arn(),
                "");
        Integer packed = SessionMembers.packedSize(details);
        Caller session = Caller.federated(caller.account(), name).begunWith(details);
        SessionCredentials.Keys made =
                credentials.issue(session, clock.instant().plusSeconds(seconds));
        return call.commit(tx -> GetFederationTokenResponse.builder()
                .federatedUser(u -> u.arn(session.arn()).federatedUserId(session.userId()))
                .packedPolicySize(packed)
                .credentials(c -> c.accessKeyId(made.accessKeyId())
                        .secretAccessKey(made.secretAccessKey())
                        .sessionToken(made.sessionToken())
                        .expiration(made.expiration()))
                .build());
    }

    private static int seconds(Caller caller, @Nullable Integer asked) {
        int most = caller.isRoot() ? ROOT_SECONDS : MOST_SECONDS;
        return SessionMembers.seconds(asked, Math.min(most, DEFAULT_SECONDS), most);
    }

    private static void requireLongTerm(Caller caller, String operation) {
        if (caller.session().issuedAt() > 0 || !(caller.isUser() || caller.isRoot())) {
            throw StsErrors.denied("Cannot call %s with session credentials".formatted(operation));
        }
    }
}
