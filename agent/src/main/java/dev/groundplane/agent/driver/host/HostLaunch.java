package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.LaunchRequest.Mount;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.host.CgroupTree.Scope;
import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Turns one request into the script that the supervisor reads, and into the directories and cgroups that it names. */
final class HostLaunch {
    /** The limits of setrlimit(2), as ECS names them. */
    private static final List<String> ULIMITS = List.of(
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private static final String PRIVATE = "rwx------";
    private static final String NAMESPACES = "unshare --pid --fork --mount --mount-proc --kill-child=KILL ";

    private final HostFeatures features;
    private final TaskDirectory task;
    private final LaunchRequest request;
    private final Privileges privileges;

    private HostLaunch(HostFeatures features, TaskDirectory task, LaunchRequest request, Privileges privileges) {
        this.features = features;
        this.task = task;
        this.request = request;
        this.privileges = privileges;
    }

    /** Prepares a container's directory. Idempotent. */
    static void prepare(HostFeatures features, TaskDirectory task, LaunchRequest request)
            throws StartFailure, IOException, InterruptedException {
        new HostLaunch(features, task, request, Privileges.of(request, features)).prepare();
    }

    private void prepare() throws StartFailure, IOException {
        var container = task.createAttempt(request.container(), request.attempt());
        var isolation = privileges.ownNamespaces() ? "namespaces" : "plain";
        var command = CommandScript.of(request, home(), isolation);
        requireWorkingDirectory();
        requireSecretNames();
        writeEnvironment(container.launch(), launch(command));
        writeEnvironment(
                HostExecution.entryFile(container),
                isolation + " " + String.join(" ", privileges.become()) + "\n" + CommandScript.entry(request, home()));
    }

    /** Other names are passed on by arguments of env(1), which every user of the host may see. */
    private void requireSecretNames() throws StartFailure {
        for (var name : request.program().secrets()) {
            if (!ShellText.isExportable(name)) {
                throw new StartFailure(
                        "secret %s: on a host a secret's name has letters, digits and underscores and is none of a shell's own"
                                .formatted(name));
            }
        }
    }

    /** A script that holds the environment: with secrets in it, it stays in memory. */
    private void writeEnvironment(Path file, String text) throws StartFailure, IOException {
        if (request.program().secrets().isEmpty()) {
            write(file, text);
        } else {
            MemoryFiles.replace(file, text);
        }
    }

    /** Deletes secrets that only the start needed. */
    static void forgetLaunch(ContainerDirectory container) throws IOException {
        MemoryFiles.delete(container.launch());
    }

    /** Deletes all secrets of a container that has ended. */
    static void forgetSecrets(ContainerDirectory container) throws IOException {
        forgetLaunch(container);
        MemoryFiles.delete(HostExecution.entryFile(container));
    }

    private static void write(Path file, String text) throws IOException {
        DurableFiles.replace(file, text.getBytes(StandardCharsets.UTF_8), DurableFiles.Durability.PROCESS);
    }

    private String home() throws IOException {
        if (!features.scratchReachable()) {
            return "/tmp";
        }
        ownDirectory(task.scratch());
        return task.scratch().toString();
    }

    private void requireWorkingDirectory() throws StartFailure {
        var directory = request.program().workingDirectory();
        if (directory != null && !Files.isDirectory(Path.of(directory))) {
            throw new StartFailure("workingDirectory %s: there is no such directory on this host; use an existing one"
                    .formatted(directory));
        }
    }

    /**
     * What the supervisor becomes the command by: it joins the cgroups and makes the namespaces and the mounts with the
     * agent's rights, and then becomes the shell that reads the command script.
     */
    private String launch(String command) throws StartFailure, IOException {
        var lines = new StringBuilder();
        var mounts = new StringBuilder();
        for (var mount : request.mounts()) {
            appendMount(mount, mounts);
        }
        var scope = new Scope(request.taskId(), request.container());
        features.cgroups().create(scope, request.taskLimits(), request.limits());
        for (var file : features.cgroups().joinFiles(scope)) {
            lines.append("echo 0 >").append(ShellText.quote(file.toString())).append(" || return 1\n");
        }
        var become = become(lines);
        lines.append("exec ");
        if (privileges.ownNamespaces()) {
            // As a namespace's first process the command itself would ignore most signals.
            lines.append(NAMESPACES)
                    .append("/bin/sh -c ")
                    .append(ShellText.quote(mounts + "\"$@\"; exit $?"))
                    .append(" sh ");
        }
        lines.append("setsid ");
        become.forEach(word -> lines.append(word).append(' '));
        var end = ShellText.absentFrom(command);
        lines.append("/bin/sh -s \"$number\" <<'").append(end).append("'\n");
        return lines.append(command).append(end).append('\n').toString();
    }

    /** The words before the command; a limit that the host does not grant is found out before. */
    private List<String> become(StringBuilder lines) throws StartFailure {
        if (request.ulimits().isEmpty()) {
            return privileges.become();
        }
        var words = new ArrayList<>(List.of("prlimit"));
        for (var ulimit : request.ulimits()) {
            if (!ULIMITS.contains(ulimit.name())) {
                throw new StartFailure("ulimit %s: use one of %s".formatted(ulimit.name(), String.join(", ", ULIMITS)));
            }
            words.add("--%s=%s:%s".formatted(ulimit.name(), limit(ulimit.soft()), limit(ulimit.hard())));
        }
        lines.append(String.join(" ", words)).append(" true || return 1\n");
        words.add("--");
        words.addAll(privileges.become());
        return words;
    }

    /** Docker's -1 is no limit. */
    private static String limit(long value) {
        return value < 0 ? "unlimited" : Long.toString(value);
    }

    private void appendMount(Mount mount, StringBuilder lines) throws StartFailure, IOException {
        var source = mount.source() == null
                ? task.volume(mount.volume())
                : Path.of(ShellText.requireNoNul("sourcePath", mount.source()));
        var target = Path.of(ShellText.requireNoNul("containerPath", mount.target()));
        ownDirectory(source);
        if (source.equals(target) && !mount.readOnly()) {
            return;
        }
        if (!target.isAbsolute() || !Files.isDirectory(target)) {
            throw new StartFailure("containerPath %s of volume %s: a host task sees the host's own file system, so this"
                            .formatted(target, mount.volume())
                    + " directory must exist on the host");
        }
        if (!privileges.ownNamespaces()) {
            throw new StartFailure("volume %s: to see %s at %s a host task needs a mount namespace, which it does not"
                            .formatted(mount.volume(), source, target)
                    + " have here; use the same sourcePath and containerPath");
        }
        lines.append("mount -o ")
                .append(mount.readOnly() ? "bind,ro" : "bind")
                .append(' ')
                .append(ShellText.quote(source.toString()))
                .append(' ')
                .append(ShellText.quote(target.toString()))
                .append(" || exit 1\n");
    }

    /** A directory that is not there yet is made for the user that the container runs as. */
    private void ownDirectory(Path directory) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        DurableFiles.ensureDirectory(directory, PRIVATE);
        if (privileges.user().isPresent()) {
            Files.setAttribute(directory, "unix:uid", privileges.user().get().uid());
            Files.setAttribute(directory, "unix:gid", privileges.user().get().gid());
        }
    }
}
