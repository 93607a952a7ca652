package dev.groundplane.server.hpc;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way into a head node on this machine: through the namespaces of its slurmctld. Needs the rights of root. */
public final class HeadNodeEntry {
    private static final Path PROC = Path.of("/proc");
    private static final int USER_FIELDS = 4;

    private HeadNodeEntry() {}

    /**
     * The words that run a command on a head node as the cluster's user, in that user's home directory.
     *
     * @param cluster the cluster's id
     * @param command the command's own words
     * @throws GroundplaneException when the head node does not run on this machine
     */
    public static List<String> words(String cluster, List<String> command) {
        ProcessHandle process = ProcessHandle.allProcesses()
                .filter(one -> isOf(one.pid(), cluster))
                .findFirst()
                .orElseThrow(() -> new GroundplaneException(
                        ErrorKind.USER_ERROR,
                        "no head node of this cluster runs on this machine, or not as a process that user %s may enter;"
                                        .formatted(System.getProperty("user.name"))
                                + " run this as root on the machine of the control plane"));
        String[] user = user(process.pid());
        List<String> words = new ArrayList<>(List.of(
                "nsenter",
                "--target",
                Long.toString(process.pid()),
                "--mount",
                "--uts",
                "--ipc",
                "--net",
                "--pid",
                "setpriv",
                "--reuid=" + user[2],
                "--regid=" + user[3],
                "--clear-groups",
                "--no-new-privs",
                "env",
                "-i",
                "-C",
                "/home/" + user[0],
                "HOME=/home/" + user[0],
                "USER=" + user[0],
                "LOGNAME=" + user[0],
                "SHELL=/bin/bash",
                "LANG=C.UTF-8",
                "PATH=/usr/local/bin:/usr/bin:/bin"));
        Optional.ofNullable(System.getenv("TERM")).ifPresent(terminal -> words.add("TERM=" + terminal));
        words.addAll(command);
        return words;
    }

    private static boolean isOf(long pid, String cluster) {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            return Files.readString(process.resolve("comm")).strip().equals("slurmctld")
                    && Files.readString(process.resolve("root/run/cluster/id"))
                            .strip()
                            .equals(cluster);
        } catch (IOException e) {
            return false; // it has ended, is another's, or has no such file
        }
    }

    /** The cluster's user, as passwd(5) has it. */
    private static String[] user(long pid) {
        Path file = PROC.resolve(Long.toString(pid)).resolve("root/run/cluster/passwd");
        try {
            String[] fields = Files.readString(file).strip().split(":");
            if (fields.length < USER_FIELDS) {
                throw new GroundplaneException(ErrorKind.INTERNAL_ERROR, file + " has no user");
            }
            return fields;
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "cannot read " + file, e);
        }
    }
}
