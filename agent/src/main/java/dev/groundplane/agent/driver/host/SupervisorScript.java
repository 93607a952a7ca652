package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The script that supervises containers, as a file that running supervisors keep open. */
record SupervisorScript(Path file) {
    private static final String RESOURCE = "supervisor.sh";

    /** What came of a start. */
    enum Outcome {
        /** The container's process exists. */
        STARTED,
        /** A supervisor had claimed the container before; nothing was run. */
        CLAIMED,
        /** The container's process could not be made; the log's last line says why. */
        FAILED
    }

    /** Copies the script out of the class path, replacing an older one at once. */
    static SupervisorScript install(Path dataDirectory) throws IOException {
        var file = dataDirectory.toAbsolutePath().resolve(RESOURCE);
        try (var resource = SupervisorScript.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new FileNotFoundException(RESOURCE + " is missing from the agent's class path");
            }
            DurableFiles.replace(file, resource.readAllBytes(), DurableFiles.Durability.PROCESS);
        }
        return new SupervisorScript(file);
    }

    /** Starts a supervisor and returns as soon as it has said what came of it. */
    Outcome start(ContainerDirectory directory, String isolation) throws IOException {
        var builder = new ProcessBuilder(
                        "setsid",
                        "/bin/sh",
                        file.toString(),
                        "supervise",
                        directory.path().toAbsolutePath().toString(),
                        isolation)
                .redirectInput(new File("/dev/null"))
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(CommandOutput.ENVIRONMENT);
        var process = builder.start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            var line = output.readLine();
            if ("started".equals(line)) {
                return Outcome.STARTED;
            }
            return "claimed".equals(line) ? Outcome.CLAIMED : Outcome.FAILED;
        }
    }
}
