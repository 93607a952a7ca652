package dev.groundplane.agent.driver.host;

import java.util.List;
import java.util.Optional;

/**
 * What the agent can do on this host, found out once when it starts.
 *
 * @param root whether the agent runs as root
 * @param namespaces whether containers get a process namespace and a mount namespace of their own
 * @param defaultUser the unprivileged user that containers run as; empty when the agent cannot change users or has none
 * @param cgroups where limits are set
 * @param scratchReachable whether the containers' user can reach files below the data directory
 * @param privilegedAllowed whether the operator allows containers with other users and with the host's own powers
 * @param leftOut a sentence for everything that does not work here, and why
 */
public record HostFeatures(
        boolean root,
        boolean namespaces,
        Optional<TaskUser> defaultUser,
        CgroupTree cgroups,
        boolean scratchReachable,
        boolean privilegedAllowed,
        List<String> leftOut) {

    /** The least there is: processes of the agent's own user, nothing limited, nothing hidden. */
    public static HostFeatures plain(boolean privilegedAllowed) {
        return new HostFeatures(
                false, false, Optional.empty(), new CgroupTree.None(), true, privilegedAllowed, List.of());
    }
}
