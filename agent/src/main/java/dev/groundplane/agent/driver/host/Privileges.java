package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Whose rights a command runs with.
 *
 * @param user the user it becomes; empty means it stays the agent's own user
 * @param ownNamespaces whether it gets namespaces of its own
 */
record Privileges(Optional<TaskUser> user, boolean ownNamespaces) {

    /**
     * Decides by what the request asks for, the operator allows and the host offers.
     *
     * @throws StartFailure when the request asks for more than that
     */
    static Privileges of(LaunchRequest request, HostFeatures features)
            throws StartFailure, IOException, InterruptedException {
        if (request.program().platform()) {
            // The platform's own parts keep data in directories that belong to the agent's user.
            return new Privileges(Optional.empty(), features.namespaces());
        }
        if (request.program().privileged()) {
            requireAllowed("privileged true", features);
        }
        var wanted = request.program().user();
        if (wanted != null && !wanted.equals(defaultName(features))) {
            requireAllowed("user " + wanted, features);
            return new Privileges(
                    Optional.of(other(wanted, features)),
                    features.namespaces() && !request.program().privileged());
        }
        if (request.program().privileged()) {
            // The host's own powers are of use only in the host's own namespaces: mounts made elsewhere stay unseen.
            return new Privileges(Optional.empty(), false);
        }
        if (features.root() && features.defaultUser().isEmpty()) {
            throw new StartFailure(
                    "user %s: the agent runs as root but could not make or become this user; see its log for why"
                            .formatted(HostProbe.USER_NAME));
        }
        return new Privileges(features.defaultUser(), features.namespaces());
    }

    private static void requireAllowed(String what, HostFeatures features) throws StartFailure {
        if (!features.privilegedAllowed()) {
            throw new StartFailure("%s: this agent runs host tasks as user %s without privileges; leave it out or start"
                            .formatted(what, defaultName(features))
                    + " the agent with --allow-privileged");
        }
    }

    private static TaskUser other(String wanted, HostFeatures features)
            throws StartFailure, IOException, InterruptedException {
        if (!features.root()) {
            throw new StartFailure("user %s: the agent does not run as root, so it can only be %s"
                    .formatted(wanted, defaultName(features)));
        }
        return TaskUser.find(wanted)
                .orElseThrow(() ->
                        new StartFailure("user %s: there is no such user on this host; use an existing name or UID:GID"
                                .formatted(wanted)));
    }

    private static String defaultName(HostFeatures features) {
        return features.defaultUser()
                .map(TaskUser::name)
                .orElse(features.root() ? HostProbe.USER_NAME : System.getProperty("user.name", ""));
    }

    /** The words before a command that make it run as a user, without a way back to more. */
    static List<String> become(TaskUser user) {
        return user.isRoot()
                ? List.of("setpriv", "--reuid=0", "--regid=" + user.gid(), "--clear-groups")
                : List.of(
                        "setpriv",
                        "--reuid=" + user.uid(),
                        "--regid=" + user.gid(),
                        "--clear-groups",
                        "--no-new-privs");
    }

    /** The words before this command; empty when it stays the agent's own user. */
    List<String> become() {
        return user.map(Privileges::become).orElse(List.of());
    }
}
