package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The script that becomes the command. A shell with the command's own rights reads it from its standard input, so the
 * environment shows in no process's arguments, and nothing a user put there (PATH, LD_PRELOAD) touches what runs with
 * the agent's rights. The supervisor left it these descriptors, which the command does not get: 3, where the start is
 * told; 4, the host's /proc; 5 and 6, the container's status file for reading and for appending.
 */
final class CommandScript {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Says why on the log's last line, where the agent reads it. */
    private static final String FAIL = "fail() { echo \"$1\"; exit 125; }\n";

    /** An agent that is gone is no reason to end: the pipe to it is closed then. */
    private static final String STARTED = "trap '' PIPE; echo \"$1 started\" >&3 2>/dev/null; trap - PIPE\n";

    private static final String CLOSED = " </dev/null 3>&- 4>&- 5>&- 6>&-\n";

    private final StringBuilder preparation = new StringBuilder("umask 022\n");
    private final List<String> envWords = new ArrayList<>();

    private CommandScript(LaunchRequest request, String home) throws StartFailure {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", DEFAULT_PATH);
        environment.put("HOME", home);
        environment.put("LANG", "C.UTF-8");
        environment.putAll(request.program().environment());
        var chosen = request.program().workingDirectory();
        var directory = chosen == null ? home : chosen;
        preparation.append(FAIL);
        preparation.append("cd ").append(ShellText.quote(ShellText.requireNoNul("workingDirectory", directory)));
        preparation
                .append(" 2>/dev/null || fail ")
                .append(ShellText.quote(
                        "workingDirectory %s: not a directory that the task's user may enter".formatted(directory)));
        preparation.append("\nunset OLDPWD\n");
        for (var variable : environment.entrySet()) {
            append(variable);
        }
        if (!envWords.isEmpty()) {
            envWords.addFirst("/usr/bin/env");
        }
    }

    /**
     * Writes the script for a request.
     *
     * @param home the home directory, and the working directory unless the request names one
     * @param isolation the word for it in the container's status
     * @throws StartFailure when there is no command, or a word or variable cannot be passed on
     */
    static String of(LaunchRequest request, String home, String isolation) throws StartFailure {
        var words = request.program().words();
        if (words.isEmpty()) {
            throw new StartFailure("entryPoint and command are empty: name the program to run, as a host task has no"
                    + " image that could name it");
        }
        var script = new CommandScript(request, home);
        var command = new ArrayList<>(script.envWords);
        for (var word : words) {
            command.add(ShellText.requireNoNul("command", word));
        }
        return announcement(isolation)
                + script.preparation
                + isThere(words.getFirst())
                + STARTED
                + "exec "
                + ShellText.quote(command)
                + CLOSED;
    }

    /** The script of a further command in the same surroundings, up to that command's own words. */
    static String entry(LaunchRequest request, String home) throws StartFailure {
        var script = new CommandScript(request, home);
        return script.preparation + "exec " + ShellText.quote(script.envWords);
    }

    /** The order is explained in {@link ContainerStatus}. The first read is of the process's id and start time. */
    private static String announcement(String isolation) {
        return """
            read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ ticks _ </proc/self/fd/4/self/stat
            echo "command $pid $ticks %s" >&6
            while read -r word _; do [ "$word" != stop ] || exit 143; done <&5
            """.formatted(isolation);
    }

    /** A program that is not there fails the start, as it does in a container, instead of ending with 127. */
    private static String isThere(String program) {
        var quoted = ShellText.quote(program);
        return program.contains("/")
                ? "[ -f %s ] && [ -x %s ] || fail %s\n"
                        .formatted(
                                quoted,
                                quoted,
                                ShellText.quote("%s: no such program, or not executable for the task's user"
                                        .formatted(program)))
                : "command -v %s >/dev/null || fail %s\n"
                        .formatted(quoted, ShellText.quote("%s: executable file not found in PATH".formatted(program)));
    }

    /** Names that a shell cannot export are left to env(1). */
    private void append(Map.Entry<String, String> variable) throws StartFailure {
        var name = ShellText.requireNoNul("the name of an environment variable", variable.getKey());
        var value = ShellText.requireNoNul("environment variable " + name, variable.getValue());
        if (name.isEmpty() || name.contains("=")) {
            throw new StartFailure("environment variable '%s': a name is not empty and has no '='".formatted(name));
        }
        if (ShellText.isExportable(name)) {
            preparation
                    .append("export ")
                    .append(name)
                    .append('=')
                    .append(ShellText.quote(value))
                    .append('\n');
        } else {
            envWords.add(name + "=" + value);
        }
    }
}
