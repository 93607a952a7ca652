package dev.groundplane.platform.identity;

/**
 * An authenticated principal, as policies and the audit trail see it.
 *
 * @param account the principal's account, twelve digits
 * @param arn the principal's ARN, for example {@code arn:aws:iam::123456789012:root}
 * @param userId AWS's unique id of the principal
 * @param type {@code userIdentity.type} in audit records: {@code Root}, {@code AssumedRole}, {@code AWSService}
 * @param accessKeyId the key that signed the call; empty for calls between services
 */
public record Caller(String account, String arn, String userId, String type, String accessKeyId) {
    /** The name under which the audit trail lists this caller: the last part of its ARN. */
    public String userName() {
        return arn.substring(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
    }
}
