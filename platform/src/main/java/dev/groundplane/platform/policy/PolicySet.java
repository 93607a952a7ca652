package dev.groundplane.platform.policy;

import java.util.List;
import java.util.Optional;

/**
 * The policies that bind a subject; the resource's is apart.
 *
 * @param controls service control policies, by level: every level must allow
 * @param identity policies of the user, its groups, or the role
 * @param boundary the permissions boundary
 * @param session what was passed when the session began
 */
public record PolicySet(
        List<List<Policy>> controls, List<Policy> identity, Optional<Policy> boundary, Optional<List<Policy>> session) {
    /** The policies of one who has none. */
    public static final PolicySet NONE = new PolicySet(List.of(), List.of(), Optional.empty(), Optional.empty());

    /** Only policies of the identity itself. */
    public static PolicySet ofIdentity(List<Policy> policies) {
        return new PolicySet(List.of(), policies, Optional.empty(), Optional.empty());
    }
}
