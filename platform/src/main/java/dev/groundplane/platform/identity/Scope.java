package dev.groundplane.platform.identity;

/**
 * The account and region in which a resource lives.
 *
 * @param account twelve digits
 * @param region AWS region name, for example {@code us-east-1}
 */
public record Scope(String account, String region) {
    /** The ARN {@code arn:aws:service:region:account:resource}. */
    public String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource;
    }
}
