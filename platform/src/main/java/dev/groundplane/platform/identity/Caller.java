package dev.groundplane.platform.identity;

import java.util.Optional;

/**
 * An authenticated principal, as policies and the audit trail see it.
 *
 * @param account the principal's account, twelve digits
 * @param arn the principal's ARN, for example {@code arn:aws:iam::123456789012:root}; a service's name, for example {@code
 *     ecs-tasks.amazonaws.com}
 * @param userId AWS's unique id of the principal
 * @param type {@code userIdentity.type} in audit records: {@code Root}, {@code AssumedRole}, {@code AWSService}
 * @param accessKeyId the key that signed the call; empty for calls between services
 */
public record Caller(String account, String arn, String userId, String type, String accessKeyId) {
    private static final String ROOT = "Root";
    private static final String SESSION = "AssumedRole";
    private static final String SERVICE = "AWSService";

    /** The root of an account. */
    public static Caller root(String account, String accessKeyId) {
        return new Caller(account, "arn:aws:iam::" + account + ":root", account, ROOT, accessKeyId);
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

    /** A service that acts on its own behalf in an account, for example {@code ecs-tasks.amazonaws.com}. */
    public static Caller service(String account, String principal) {
        return new Caller(account, principal, principal, SERVICE, "");
    }

    /** Whether this is the account's root. */
    public boolean isRoot() {
        return type.equals(ROOT);
    }

    /** Whether this is a service. */
    public boolean isService() {
        return type.equals(SERVICE);
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
