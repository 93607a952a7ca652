package dev.groundplane.agent.driver.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a short command of the host printed, errors included, and how it ended. */
record CommandOutput(int exitCode, String text) {
    /** The environment of all that runs with the agent's rights: nothing in it comes from a user. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C.UTF-8");

    /** Runs a command to its end; a command that cannot be run counts as ended with 127. */
    static CommandOutput of(String... words) throws InterruptedException {
        var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        try {
            var process = builder.start();
            String text;
            try (var output = process.getInputStream()) {
                text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
            return new CommandOutput(process.waitFor(), text);
        } catch (IOException e) {
            return new CommandOutput(127, String.valueOf(e.getMessage()));
        }
    }

    boolean succeeded() {
        return exitCode == 0;
    }
}
