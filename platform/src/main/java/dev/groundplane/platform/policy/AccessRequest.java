package dev.groundplane.platform.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that a call asks to do, as policies see it. A call may ask for several; it needs all of them.
 *
 * @param action service prefix and action, for example {@code s3:GetObject}; not always the operation's name
 * @param resource the ARN of what it is done to; {@code *} where the action is about no single resource
 * @param resourcePolicy the policy document that is attached to the resource; empty when it has none
 * @param context values of condition keys that follow from the request and the resource, for example {@code s3:prefix}, by
 *     key in lower case; what follows from the caller is not in it
 * @param owner the account whose resource it is; empty for the caller's own
 * @param needsResourcePolicy whether the resource's policy must allow also within the account, as a role's trust policy must
 */
public record AccessRequest(
        String action,
        String resource,
        Optional<String> resourcePolicy,
        Map<String, List<String>> context,
        String owner,
        boolean needsResourcePolicy) {

    /** Something of the account that the ARN names; of the caller's where it names none, see {@link #ownedBy}. */
    public AccessRequest(
            String action, String resource, Optional<String> resourcePolicy, Map<String, List<String>> context) {
        this(action, resource, resourcePolicy, context, accountOf(resource), false);
    }

    private static String accountOf(String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length == 6 && parts[4].matches("[0-9]{12}") ? parts[4] : "";
    }

    /** An action about every resource, under no conditions. */
    public static AccessRequest onEverything(String action) {
        return new AccessRequest(action, "*", Optional.empty(), Map.of(), "", false);
    }

    /** An action on a resource without a policy, under no conditions of its own. */
    public static AccessRequest on(String action, String resource) {
        return new AccessRequest(action, resource, Optional.empty(), Map.of());
    }

    /** The same about a resource of {@code account}, for ARNs that name none: an S3 bucket's. */
    public AccessRequest ownedBy(String account) {
        return new AccessRequest(action, resource, resourcePolicy, context, account, needsResourcePolicy);
    }

    /** The same, with what is known about request and resource. */
    public AccessRequest with(Map<String, List<String>> values) {
        return new AccessRequest(action, resource, resourcePolicy, values, owner, needsResourcePolicy);
    }
}
