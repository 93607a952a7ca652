package dev.groundplane.server.demo;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.local.Connection;
import dev.groundplane.server.local.DataDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where the demo keeps its files and how it runs programs.
 *
 * @param directory holds everything; host tasks, which run as a user of their own, may read it
 * @param examples the examples that came with Groundplane
 * @param connection the platform
 */
record Workspace(Path directory, Path examples, Connection connection) {
    private static final int SHOWN_LOG_LINES = 15;

    static Workspace of(DataDirectory data, Path home, Connection connection) throws IOException {
        Path directory = data.demo();
        Files.createDirectories(directory.resolve("logs"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Workspace(directory, home.resolve("examples"), connection);
    }

    /** What the risk program and its input are in. */
    Path risk() {
        return directory.resolve("risk");
    }

    /** The log file of a step. */
    Path log(String step) {
        return directory.resolve("logs").resolve(step + ".log");
    }

    /** Whether a program of that name is on the path. */
    static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /**
     * Runs a program to its end with its output in the step's log.
     *
     * @throws GroundplaneException when it fails; the message has the end of the log
     */
    void run(String step, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path log = log(step);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("AWS_ENDPOINT_URL", connection.endpoint());
        builder.environment().put("AWS_ACCESS_KEY_ID", connection.accessKeyId());
        builder.environment().put("AWS_SECRET_ACCESS_KEY", connection.secretAccessKey());
        builder.environment().put("AWS_DEFAULT_REGION", connection.region());
        if (connection.authorities() != null) {
            builder.environment().put("AWS_CA_BUNDLE", connection.authorities());
        }
        builder.environment().keySet().removeAll(List.of("AWS_SESSION_TOKEN", "AWS_PROFILE"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        int status;
        try {
            status = process.waitFor();
        } finally {
            process.destroy(); // an interrupted demo leaves nothing running
        }
        if (status != 0) {
            List<String> lines = Files.readAllLines(log);
            String end = String.join("\n  ", lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size()));
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL,
                    "%s ended with status %d; the end of %s:%n  %s"
                            .formatted(String.join(" ", command), status, log, end));
        }
    }
}
