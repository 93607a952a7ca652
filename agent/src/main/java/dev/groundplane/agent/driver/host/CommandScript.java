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
 * the agent's rights.
 */
final class CommandScript {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Says why on the log's last line, where the agent reads it, and that the start has failed. */
    private static final String FAIL = "fail() { echo \"$1\"; echo failed >&3; exit 125; }\n";

    private CommandScript() {}

    /**
     * Writes the script for a request.
     *
     * @param home the home directory, and the working directory unless the request names one
     * @throws StartFailure when there is no command, or a word or variable cannot be passed on
     */
    static String of(LaunchRequest request, String home) throws StartFailure {
        if (request.words().isEmpty()) {
            throw new StartFailure("entryPoint and command are empty: name the program to run, as a host task has no"
                    + " image that could name it");
        }
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", DEFAULT_PATH);
        environment.put("HOME", home);
        environment.put("LANG", "C.UTF-8");
        environment.putAll(request.environment());

        var script = new StringBuilder("umask 022\n");
        var directory = request.workingDirectory() == null ? home : request.workingDirectory();
        script.append(FAIL);
        script.append("cd ").append(ShellText.quote(ShellText.requireNoNul("workingDirectory", directory)));
        script.append(" 2>/dev/null || fail ")
                .append(ShellText.quote(
                        "workingDirectory %s: not a directory that the task's user may enter".formatted(directory)));
        script.append("\nunset OLDPWD\n");
        var words = new ArrayList<String>();
        for (var variable : environment.entrySet()) {
            append(variable, script, words);
        }
        if (!words.isEmpty()) {
            words.addFirst("/usr/bin/env");
        }
        for (var word : request.words()) {
            words.add(ShellText.requireNoNul("command", word));
        }
        script.append(isThere(request.words().getFirst()));
        script.append("echo started >&3\nexec ").append(ShellText.quote(words)).append(" </dev/null 3>&-\n");
        return script.toString();
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
    private static void append(Map.Entry<String, String> variable, StringBuilder script, List<String> forEnv)
            throws StartFailure {
        var name = ShellText.requireNoNul("the name of an environment variable", variable.getKey());
        var value = ShellText.requireNoNul("environment variable " + name, variable.getValue());
        if (name.isEmpty() || name.contains("=")) {
            throw new StartFailure("environment variable '%s': a name is not empty and has no '='".formatted(name));
        }
        if (ShellText.isExportable(name)) {
            script.append("export ")
                    .append(name)
                    .append('=')
                    .append(ShellText.quote(value))
                    .append('\n');
        } else {
            forEnv.add(name + "=" + value);
        }
    }
}
