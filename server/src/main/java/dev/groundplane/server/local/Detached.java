package dev.groundplane.server.local;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts the control plane as a process of its own that outlives the command. */
public final class Detached {
    private static final String READY = "ready: ";
    private static final int SHOWN_LOG_LINES = 20;

    private Detached() {}

    /** What a control plane prints on standard output once it answers calls; its parent waits for it. */
    public static String readyLine(Connection connection, boolean agentActive) {
        return READY
                + "%s, account %s, region %s, local agent %s"
                        .formatted(
                                connection.endpoint(),
                                connection.account(),
                                connection.region(),
                                agentActive ? "ACTIVE" : "NOT ACTIVE: its log is logs/agent.log in the data directory");
    }

    /**
     * Starts a control plane and returns when it is ready. Idempotent: a running one is left as it is.
     *
     * @param options further options of {@code up}
     * @return the line that says what is running
     * @throws GroundplaneException when it ended before it was ready; the message has the end of what it complained about
     */
    public static String start(DataDirectory data, Path home, int port, List<String> options) {
        Optional<ProcessHandle> running = RunningProcess.controlPlane(data);
        if (running.isPresent()) {
            return "already running: %s, pid %d"
                    .formatted(Connection.of(data).endpoint(), running.get().pid());
        }
        data.create();
        Path errors = data.outsideLog(data.controlPlaneLog());
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                home.resolve("groundplane").toString(),
                "up",
                "--data",
                data.root().toString(),
                "--port",
                Integer.toString(port),
                "--log-file",
                data.controlPlaneLog().toString()));
        command.addAll(options);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
                    .start();
            process.getOutputStream().close();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(READY)) {
                    return line;
                }
            }
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL,
                    "the control plane ended before it was ready; the end of %s:%n%s".formatted(errors, end(errors)));
        } catch (IOException e) {
            throw new GroundplaneException(ErrorKind.EXTERNAL, "cannot start the control plane: " + e.getMessage(), e);
        }
    }

    private static String end(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size()));
    }
}
