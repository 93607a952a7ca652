package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.TrustPolicy;
import dev.groundplane.wire.FieldPaths;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Sessions of roles. Other than on AWS, the root may assume a role that trusts its account: a fresh installation has no
 * other identity to begin with.
 */
final class RoleSessions {
    private static final Set<String> SUPPORTED = Set.of("RoleArn", "RoleSessionName", "DurationSeconds");
    private static final Pattern ROLE_ARN = Pattern.compile("arn:aws:iam::([0-9]{12}):role/(?:.*/)?([\\w+=,.@-]+)");
    private static final Pattern SESSION_NAME = Pattern.compile("[\\w+=,.@-]*");
    private static final Pattern MANAGED_INSTANCE = Pattern.compile("mi-[0-9a-f]{17}");
    private static final String INSTANCE_SERVICE = "ssm.amazonaws.com";
    private static final int LEAST_SECONDS = 900;
    private static final int DEFAULT_SECONDS = 3_600;
    private static final int MOST_SECONDS = 43_200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private final SessionCredentials credentials;
    private final Function<String, IamClient> iam;
    private final InstantSource clock;

    RoleSessions(SessionCredentials credentials, Function<String, IamClient> iam, InstantSource clock) {
        this.credentials = credentials;
        this.iam = iam;
        this.clock = clock;
    }

    /** The credentials are given out when their audit record is durable. */
    AssumeRoleResponse assume(Call call, AssumeRoleRequest request) {
        FieldPaths.unsupported(request, SUPPORTED).ifPresent(path -> {
            throw validation("%s is not implemented by Groundplane; leave it out.", path);
        });
        String session = sessionName(request.roleSessionName());
        if (MANAGED_INSTANCE.matcher(session).matches() && !call.caller().arn().equals(INSTANCE_SERVICE)) {
            throw validation(
                    "The session name %s has the form of a managed instance's id, by which hosts are known", session);
        }
        int seconds = seconds(request.durationSeconds());
        Role role = trusted(call.caller(), Objects.requireNonNullElse(request.roleArn(), ""));
        checkDuration(call.caller(), role, seconds);
        String account = call.caller().account();
        Instant end = clock.instant().plusSeconds(seconds);
        SessionCredentials.Keys keys = credentials.issue(account, role.roleName(), role.roleId(), session, end);
        Caller assumed = Caller.session(account, role.roleName(), role.roleId(), session, keys.accessKeyId());
        return call.commit(tx -> AssumeRoleResponse.builder()
                .assumedRoleUser(u -> u.arn(assumed.arn()).assumedRoleId(assumed.userId()))
                .credentials(c -> c.accessKeyId(keys.accessKeyId())
                        .secretAccessKey(keys.secretAccessKey())
                        .sessionToken(keys.sessionToken())
                        .expiration(keys.expiration()))
                .build());
    }

    private static String sessionName(@Nullable String name) {
        String value = Objects.requireNonNullElse(name, "");
        if (value.length() < 2 || value.length() > 64) {
            throw constraint("roleSessionName", value, "Member must have length between 2 and 64");
        }
        if (!SESSION_NAME.matcher(value).matches()) {
            throw constraint("roleSessionName", value, "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
        }
        return value;
    }

    private static int seconds(@Nullable Integer seconds) {
        int value = Objects.requireNonNullElse(seconds, DEFAULT_SECONDS);
        if (value < LEAST_SECONDS || value > MOST_SECONDS) {
            throw constraint(
                    "durationSeconds",
                    Integer.toString(value),
                    "Member must have value between %d and %d".formatted(LEAST_SECONDS, MOST_SECONDS));
        }
        return value;
    }

    /** A role that is not there and one that does not trust the caller look alike from outside. */
    private Role trusted(Caller caller, String arn) {
        Matcher parts = ROLE_ARN.matcher(arn);
        if (!parts.matches()) {
            throw validation("%s is invalid", arn.isEmpty() ? "An empty roleArn" : arn);
        }
        if (parts.group(1).equals(caller.account())) {
            try (IamClient client = iam.apply(caller.account())) {
                Role role = client.getRole(r -> r.roleName(parts.group(2))).role();
                if (role.arn().equals(arn) && trusts(role, caller)) {
                    return role;
                }
            } catch (NoSuchEntityException e) {
                throw denied(caller, arn);
            }
        }
        throw denied(caller, arn);
    }

    private static boolean trusts(Role role, Caller caller) {
        String document = URLDecoder.decode(role.assumeRolePolicyDocument(), StandardCharsets.UTF_8);
        try {
            return TrustPolicy.parse(document).trusts(caller);
        } catch (MalformedPolicyException e) {
            throw new GroundplaneException(
                    ErrorKind.INTERNAL_ERROR, "the trust policy of %s is damaged".formatted(role.arn()), e);
        }
    }

    private static void checkDuration(Caller caller, Role role, int seconds) {
        if (caller.roleName().isPresent() && seconds > DEFAULT_SECONDS) {
            throw validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }
        if (seconds > Objects.requireNonNullElse(role.maxSessionDuration(), DEFAULT_SECONDS)) {
            throw validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
    }

    private static StsException denied(Caller caller, String arn) {
        return error(
                FORBIDDEN,
                "AccessDenied",
                "User: %s is not authorized to perform: sts:AssumeRole on resource: %s".formatted(caller.arn(), arn));
    }

    private static StsException constraint(String member, String value, String constraint) {
        return validation(
                "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s",
                value, member, constraint);
    }

    private static StsException validation(String message, Object... values) {
        return error(BAD_REQUEST, "ValidationError", message.formatted(values));
    }

    private static StsException error(int status, String code, String message) {
        return (StsException) StsException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
