package dev.groundplane.platform.policy;

import java.util.Locale;

/**
 * A request, taken apart once for all statements that look at it.
 *
 * @param service the action's prefix in lower case
 * @param action what follows it, in lower case
 * @param resource the resource's ARN, or {@code *}
 * @param segments its segments
 */
record Question(String service, String action, String resource, String[] segments, ConditionValues values) {
    static Question of(String action, String resource, ConditionValues values) {
        String lower = action.toLowerCase(Locale.ROOT);
        int colon = lower.indexOf(':');
        return new Question(
                lower.substring(0, colon),
                lower.substring(colon + 1),
                resource,
                resource.split(":", ArnPattern.SEGMENTS),
                values);
    }
}
