package dev.groundplane.services.sts;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.SessionCredentials;
import dev.groundplane.platform.identity.SessionDetails;
import dev.groundplane.platform.policy.AccessDecisions;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.policy.PolicyKind;
import dev.groundplane.services.ConditionKeys;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * Sessions of roles. Whether one may be had is decided here and not at the front door, because services and callers without
 * credentials assume roles too. Other than on AWS, the root may assume a role that trusts its account.
 */
final class RoleSessions {
    private static final Pattern ROLE_ARN = Pattern.compile("arn:aws:iam::([0-9]{12}):role/(?:.*/)?([\\w+=,.@-]+)");
    private static final Pattern MANAGED_INSTANCE = Pattern.compile("mi-[0-9a-f]{17}");
    private static final String INSTANCE_SERVICE = "ssm.amazonaws.com";
    private static final int DEFAULT_SECONDS = 3_600;
    private static final int MOST_SECONDS = 43_200;

    private final SessionCredentials credentials;
    private final Function<String, IamClient> iam;
    private final AccessDecisions decisions;
    private final WebIdentities identities;
    private final InstantSource clock;

    RoleSessions(
            SessionCredentials credentials,
            Function<String, IamClient> iam,
            AccessDecisions decisions,
            WebIdentities identities,
            InstantSource clock) {
        this.credentials = credentials;
        this.iam = iam;
        this.decisions = decisions;
        this.identities = identities;
        this.clock = clock;
    }

    /** The credentials are given out when their audit record is durable. */
    AssumeRoleResponse assume(Call call, AssumeRoleRequest request) {
        SessionMembers.supported(
                request,
                "RoleArn",
                "RoleSessionName",
                "DurationSeconds",
                "ExternalId",
                "Policy",
                "PolicyArns.*",
                "Tags.*",
                "TransitiveTagKeys",
                "SourceIdentity");
        Caller caller = call.caller();
        SessionDetails before = caller.session();
        String session = sessionName(caller, request.roleSessionName());
        int seconds = SessionMembers.seconds(request.durationSeconds(), DEFAULT_SECONDS, MOST_SECONDS);
        Map<String, String> tags = SessionMembers.tags(request.tags(), before);
        List<String> transitive = SessionMembers.transitive(request.transitiveTagKeys(), request.tags(), before);
        String sourceIdentity = sourceIdentity(request.sourceIdentity(), before);
        Map<String, String> asked = new LinkedHashMap<>();
        request.tags().forEach(tag -> asked.put(tag.key(), Objects.requireNonNullElse(tag.value(), "")));
        ConditionKeys keys = new ConditionKeys()
                .set("sts:externalid", externalId(request.externalId()))
                .set("sts:rolesessionname", session)
                .set("sts:durationseconds", Integer.toString(seconds))
                .set("sts:sourceidentity", sourceIdentity)
                .set("sts:transitivetagkeys", transitive)
                .requestTags(asked);
        List<String> actions = new ArrayList<>(List.of("sts:AssumeRole"));
        if (!tags.isEmpty()) {
            actions.add("sts:TagSession");
        }
        if (!sourceIdentity.isEmpty()) {
            actions.add("sts:SetSourceIdentity");
        }
        Role role = allowed(caller, Objects.requireNonNullElse(request.roleArn(), ""), actions, keys.values());
        checkDuration(caller, role, seconds);
        SessionDetails details = new SessionDetails(
                SessionMembers.policy(request.policy()),
                SessionMembers.policyArns(request.policyArns(), iam.apply(account(role))),
                tags,
                transitive,
                clock.instant().getEpochSecond(),
                "",
                sourceIdentity);
        Integer packed = SessionMembers.packedSize(details);
        Caller assumed = Caller.session(account(role), role.roleName(), role.roleId(), session, "")
                .begunWith(details);
        SessionCredentials.Keys made = issue(assumed, seconds);
        return call.commit(tx -> AssumeRoleResponse.builder()
                .assumedRoleUser(u -> u.arn(assumed.arn()).assumedRoleId(assumed.userId()))
                .packedPolicySize(packed)
                .sourceIdentity(sourceIdentity.isEmpty() ? null : sourceIdentity)
                .credentials(c -> c.accessKeyId(made.accessKeyId())
                        .secretAccessKey(made.secretAccessKey())
                        .sessionToken(made.sessionToken())
                        .expiration(made.expiration()))
                .build());
    }

    /** For one whom an identity provider vouches for; the call is not signed. */
    AssumeRoleWithWebIdentityResponse assume(Call call, AssumeRoleWithWebIdentityRequest request) {
        SessionMembers.supported(
                request, "RoleArn", "RoleSessionName", "WebIdentityToken", "DurationSeconds", "Policy", "PolicyArns.*");
        String roleArn = Objects.requireNonNullElse(request.roleArn(), "");
        Matcher parts = roleArn(roleArn);
        String account = parts.group(1);
        String session = SessionMembers.name("roleSessionName", request.roleSessionName(), 64);
        refuseInstanceName(session);
        int seconds = SessionMembers.seconds(request.durationSeconds(), DEFAULT_SECONDS, MOST_SECONDS);
        WebIdentities.Identity identity =
                identities.verified(Objects.requireNonNullElse(request.webIdentityToken(), ""), account);
        Caller caller = Caller.webIdentity(account, identity.providerArn(), identity.userId())
                .calling(call.caller().circumstances());
        ConditionKeys keys = new ConditionKeys()
                .set("sts:rolesessionname", session)
                .set("sts:durationseconds", Integer.toString(seconds))
                .set("aws:federatedprovider", identity.providerArn())
                .requestTags(identity.tags());
        identity.claims().forEach((name, values) -> keys.set(identity.issuer() + ":" + name, values));
        List<String> actions = new ArrayList<>(List.of("sts:AssumeRoleWithWebIdentity"));
        if (!identity.tags().isEmpty()) {
            actions.add("sts:TagSession");
        }
        Role role = allowed(caller, roleArn, actions, keys.values());
        checkDuration(caller, role, seconds);
        List<Tag> tags = identity.tags().entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
        SessionDetails details = new SessionDetails(
                SessionMembers.policy(request.policy()),
                SessionMembers.policyArns(request.policyArns(), iam.apply(account)),
                SessionMembers.tags(tags, SessionDetails.NONE),
                SessionMembers.transitive(identity.transitiveTags(), tags, SessionDetails.NONE),
                clock.instant().getEpochSecond(),
                identity.providerArn(),
                "");
        Integer packed = SessionMembers.packedSize(details);
        Caller assumed = Caller.session(account, role.roleName(), role.roleId(), session, "")
                .begunWith(details);
        SessionCredentials.Keys made = issue(assumed, seconds);
        return call.commit(tx -> AssumeRoleWithWebIdentityResponse.builder()
                .assumedRoleUser(u -> u.arn(assumed.arn()).assumedRoleId(assumed.userId()))
                .audience(identity.audience())
                .subjectFromWebIdentityToken(identity.subject())
                .provider(identity.providerArn())
                .packedPolicySize(packed)
                .credentials(c -> c.accessKeyId(made.accessKeyId())
                        .secretAccessKey(made.secretAccessKey())
                        .sessionToken(made.sessionToken())
                        .expiration(made.expiration()))
                .build());
    }

    private SessionCredentials.Keys issue(Caller assumed, int seconds) {
        Instant end = clock.instant().plusSeconds(seconds);
        return credentials.issue(assumed, end);
    }

    private static String sessionName(Caller caller, @Nullable String name) {
        String session = SessionMembers.name("roleSessionName", name, 64);
        if (!caller.arn().equals(INSTANCE_SERVICE)) {
            refuseInstanceName(session);
        }
        return session;
    }

    static void refuseInstanceName(String session) {
        if (MANAGED_INSTANCE.matcher(session).matches()) {
            throw StsErrors.validation(
                    "The name %s has the form of a managed instance's id, by which hosts are known", session);
        }
    }

    private static String externalId(@Nullable String id) {
        String value = Objects.requireNonNullElse(id, "");
        if (id != null && (value.length() < 2 || value.length() > 1_224 || !value.matches("[\\w+=,.@:/-]*"))) {
            throw StsErrors.constraint(
                    "externalId", value, "Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*");
        }
        return value;
    }

    /** A session's source identity cannot be changed by sessions that it begins. */
    private static String sourceIdentity(@Nullable String asked, SessionDetails before) {
        if (asked == null) {
            return before.sourceIdentity();
        }
        String value = SessionMembers.name("sourceIdentity", asked, 64);
        if (!before.sourceIdentity().isEmpty() && !before.sourceIdentity().equals(value)) {
            throw StsErrors.denied("The source identity %s of the calling session cannot be changed to %s"
                    .formatted(before.sourceIdentity(), value));
        }
        return value;
    }

    private static Matcher roleArn(String arn) {
        Matcher parts = ROLE_ARN.matcher(arn);
        if (!parts.matches()) {
            throw StsErrors.validation("%s is invalid", arn.isEmpty() ? "An empty roleArn" : arn);
        }
        return parts;
    }

    /** A role that is not there and one that does not trust the caller look alike from outside. */
    private Role allowed(Caller caller, String arn, List<String> actions, Map<String, List<String>> context) {
        Matcher parts = roleArn(arn);
        Optional<Role> role = find(parts.group(1), parts.group(2), arn);
        for (String action : actions) {
            Decision decision = role.isEmpty()
                    ? Decision.missing(PolicyKind.RESOURCE)
                    : decisions.decide(caller, request(action, role.get(), context));
            if (!decision.isAllowed()) {
                throw denied(caller, action, arn, decision);
            }
        }
        return role.orElseThrow();
    }

    private Optional<Role> find(String account, String name, String arn) {
        try (IamClient client = iam.apply(account)) {
            return Optional.of(client.getRole(r -> r.roleName(name)).role())
                    .filter(role -> role.arn().equals(arn));
        } catch (NoSuchEntityException e) {
            return Optional.empty();
        }
    }

    private static AccessRequest request(String action, Role role, Map<String, List<String>> context) {
        String trust = URLDecoder.decode(role.assumeRolePolicyDocument(), StandardCharsets.UTF_8);
        Map<String, String> tags = new LinkedHashMap<>();
        role.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        ConditionKeys keys = new ConditionKeys().resourceTags(tags);
        context.forEach(keys::set);
        return new AccessRequest(action, role.arn(), Optional.of(trust), keys.values(), account(role), true);
    }

    private static String account(Role role) {
        return role.arn().split(":", 6)[4];
    }

    private static void checkDuration(Caller caller, Role role, int seconds) {
        if (caller.roleName().isPresent() && seconds > DEFAULT_SECONDS) {
            throw StsErrors.validation(
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }
        if (seconds > Objects.requireNonNullElse(role.maxSessionDuration(), DEFAULT_SECONDS)) {
            throw StsErrors.validation(
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        }
    }

    private static StsException denied(Caller caller, String action, String arn, Decision decision) {
        if (caller.isWebIdentity()) {
            return StsErrors.denied("Not authorized to perform " + action);
        }
        String reason = decision.kind() == PolicyKind.RESOURCE ? "" : " " + decision.reason(action);
        return StsErrors.denied("User: %s is not authorized to perform: %s on resource: %s%s"
                .formatted(caller.arn(), action, arn, reason));
    }
}
