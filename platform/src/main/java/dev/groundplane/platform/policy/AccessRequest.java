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
 */
public record AccessRequest(
        String action, String resource, Optional<String> resourcePolicy, Map<String, List<String>> context) {

    /** An action about every resource, under no conditions. */
    public static AccessRequest onEverything(String action) {
        return new AccessRequest(action, "*", Optional.empty(), Map.of());
    }
}
