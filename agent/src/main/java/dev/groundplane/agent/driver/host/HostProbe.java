package dev.groundplane.agent.driver.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what works on this host by trying it. */
public final class HostProbe {
    /** The system user that containers run as when the agent is root. */
    static final String USER_NAME = "groundplane";

    private final Path dataDirectory;
    private final boolean privilegedAllowed;
    private final List<String> leftOut = new ArrayList<>();

    private HostProbe(Path dataDirectory, boolean privilegedAllowed) {
        this.dataDirectory = dataDirectory;
        this.privilegedAllowed = privilegedAllowed;
    }

    /**
     * Tries what the driver needs. As root it makes the system user {@code groundplane} when there is none.
     *
     * @param dataDirectory the agent's data directory, which exists
     * @param privilegedAllowed whether the operator allows containers with other users and with the host's own powers
     */
    public static HostFeatures probe(Path dataDirectory, boolean privilegedAllowed)
            throws IOException, InterruptedException {
        return new HostProbe(dataDirectory, privilegedAllowed).run();
    }

    private HostFeatures run() throws IOException, InterruptedException {
        if (!isRoot()) {
            leftOut.add("a user of their own, process namespaces, mounts, CPU shares and memory limits for host tasks:"
                    + " the agent does not run as root; start it as root to have them");
            return new HostFeatures(
                    false,
                    false,
                    Optional.empty(),
                    new CgroupTree.None(),
                    true,
                    privilegedAllowed,
                    List.copyOf(leftOut));
        }
        var namespaces = namespacesWork();
        var user = usableUser();
        var cgroups = CgroupProbe.detect(dataDirectory, leftOut);
        return new HostFeatures(
                true, namespaces, user, cgroups, reachableByOthers(), privilegedAllowed, List.copyOf(leftOut));
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private boolean namespacesWork() throws InterruptedException {
        var attempt = CommandOutput.of(
                "unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child=KILL", "/bin/true");
        if (!attempt.succeeded()) {
            leftOut.add("process namespaces and mounts for host tasks (%s): the agent needs unshare of util-linux and"
                            .formatted(attempt.text())
                    + " the capability CAP_SYS_ADMIN");
        }
        return attempt.succeeded();
    }

    private Optional<TaskUser> usableUser() throws IOException, InterruptedException {
        var user = TaskUser.find(USER_NAME);
        var creation = "";
        if (user.isEmpty()) {
            creation = CommandOutput.of(
                            "useradd",
                            "--system",
                            "--user-group",
                            "--no-create-home",
                            "--home-dir",
                            "/nonexistent",
                            "--shell",
                            "/usr/sbin/nologin",
                            USER_NAME)
                    .text();
            // Another agent may have made it at the same moment, so what counts is whether it is there now.
            user = TaskUser.find(USER_NAME);
        }
        if (user.isEmpty()) {
            leftOut.add("host tasks without privileges: there is no system user %s and useradd failed (%s)"
                    .formatted(USER_NAME, creation));
            return user;
        }
        var words = new ArrayList<>(Privileges.become(user.get()));
        words.add("/bin/true");
        var attempt = CommandOutput.of(words.toArray(String[]::new));
        if (!attempt.succeeded()) {
            leftOut.add("host tasks without privileges (%s): the agent needs setpriv of util-linux 2.31 or later"
                    .formatted(attempt.text()));
            return Optional.empty();
        }
        return user;
    }

    private boolean reachableByOthers() throws IOException {
        for (var path = dataDirectory.toRealPath(); path != null; path = path.getParent()) {
            if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }
}
