package dev.groundplane.platform.identity;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An authenticated principal, as policies and the audit trail see it.
 *
 * @param account the principal's account, twelve digits
 * @param arn the principal's ARN, for example {@code arn:aws:iam::123456789012:root}; a service's name, for example {@code
 *     ecs-tasks.amazonaws.com}
 * @param userId AWS's unique id of the principal
 * @param type {@code userIdentity.type} in audit records: {@code Root}, {@code IAMUser}, {@code AssumedRole}, {@code
 *     FederatedUser}, {@code WebIdentityUser}, {@code AWSService}
 * @param accessKeyId the key that signed the call; empty for calls between services
 * @param session what its session was begun with
 * @param circumstances how it calls: values of condition keys that follow from the HTTP request, by key in lower case
 */
public record Caller(
        String account,
        String arn,
        String userId,
        String type,
        String accessKeyId,
        SessionDetails session,
        Map<String, List<String>> circumstances) {
    private static final String ROOT = "Root";
    private static final String USER = "IAMUser";
    private static final String SESSION = "AssumedRole";
    private static final String FEDERATED = "FederatedUser";
    private static final String WEB_IDENTITY = "WebIdentityUser";
    private static final String SERVICE = "AWSService";

    /** A principal with long-term credentials, about whose call nothing is known. */
    public Caller(String account, String arn, String userId, String type, String accessKeyId) {
        this(account, arn, userId, type, accessKeyId, SessionDetails.NONE, Map.of());
    }

    /** The root of an account. */
    public static Caller root(String account, String accessKeyId) {
        return new Caller(account, "arn:aws:iam::" + account + ":root", account, ROOT, accessKeyId);
    }

    /**
     * A user.
     *
     * @param arn the user's ARN, with its path
     * @param userId {@code AIDA...}
     */
    public static Caller user(String account, String arn, String userId, String accessKeyId) {
        return new Caller(account, arn, userId, USER, accessKeyId);
    }

    /**
     * A session of a role.
     *
     * @param roleName without path
     * @param roleId the role's unique id, {@code AROA...}
     */
    public static Caller session(
            String account, String roleName, String roleId, String sessionName, String accessKeyId) {
        String arn = "arn:aws:sts::%s:assumed-role/%s/%s".formatted(account, roleName, sessionName);
        return new Caller(account, arn, roleId + ":" + sessionName, SESSION, accessKeyId);
    }

    /**
     * A federated user: a session of a user's making.
     *
     * @param name what the user called it
     */
    public static Caller federated(String account, String name) {
        String arn = "arn:aws:sts::%s:federated-user/%s".formatted(account, name);
        return new Caller(account, arn, account + ":" + name, FEDERATED, "");
    }

    /**
     * Someone for whom an identity provider vouches, before a session has begun.
     *
     * @param provider the provider's ARN
     * @param userId {@code provider:audience:subject}
     */
    public static Caller webIdentity(String account, String provider, String userId) {
        return new Caller(account, provider, userId, WEB_IDENTITY, "");
    }

    /** A service that acts on its own behalf in an account, for example {@code ecs-tasks.amazonaws.com}. */
    public static Caller service(String account, String principal) {
        return new Caller(account, principal, principal, SERVICE, "");
    }

    /** The same with the details of its session. */
    public Caller begunWith(SessionDetails details) {
        return new Caller(account, arn, userId, type, accessKeyId, details, circumstances);
    }

    /** The same, signing with a key. */
    public Caller signingWith(String keyId) {
        return new Caller(account, arn, userId, type, keyId, session, circumstances);
    }

    /** The same, making a request about which this is known. */
    public Caller calling(Map<String, List<String>> how) {
        return new Caller(account, arn, userId, type, accessKeyId, session, how);
    }

    /** Whether this is the account's root. */
    public boolean isRoot() {
        return type.equals(ROOT);
    }

    /** Whether this is a user, also with temporary credentials. */
    public boolean isUser() {
        return type.equals(USER);
    }

    /** Whether this is a federated user. */
    public boolean isFederated() {
        return type.equals(FEDERATED);
    }

    /** Whether an identity provider vouches for this caller, who has no session yet. */
    public boolean isWebIdentity() {
        return type.equals(WEB_IDENTITY);
    }

    /** Whether this is a service. */
    public boolean isService() {
        return type.equals(SERVICE);
    }

    /** Whether this is a session that is a principal of its own: of a role or of a federated user. */
    public boolean isTemporary() {
        return type.equals(SESSION) || type.equals(FEDERATED);
    }

    /** The role whose session this is, by its name; empty when it is none. */
    public Optional<String> roleName() {
        return type.equals(SESSION) ? Optional.of(arn.split("/", -1)[1]) : Optional.empty();
    }

    /** The unique id of the role whose session this is; a role that is made again under its name has another. */
    public Optional<String> roleId() {
        return type.equals(SESSION) ? Optional.of(userId.substring(0, userId.indexOf(':'))) : Optional.empty();
    }

    /** The name under which the audit trail lists this caller: the last part of its ARN. */
    public String userName() {
        return arn.substring(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
    }
}
