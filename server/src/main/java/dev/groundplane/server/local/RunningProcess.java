package dev.groundplane.server.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds processes of an installation that are alive, by the pid they wrote and the command line they have. */
public final class RunningProcess {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunningProcess() {}

    /** The control plane that runs in a data directory. */
    public static Optional<ProcessHandle> controlPlane(DataDirectory data) {
        try {
            JsonNode process = JSON.readTree(data.process().toFile());
            return alive(process.path("pid").asLong(), "groundplane-server.jar");
        } catch (IOException e) {
            return Optional.empty(); // never started, or in the middle of its first start
        }
    }

    /** The agent that runs with this installation's own agent directory. */
    public static Optional<ProcessHandle> agent(DataDirectory data) {
        try {
            Path file = data.agent().resolve("agent.pid");
            return alive(
                    Long.parseLong(Files.readString(file).strip()), data.agent().toString());
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Pids are reused: the process counts only when its command line mentions what it should. */
    private static Optional<ProcessHandle> alive(long pid, String mark) {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        try {
            String command = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
            return handle.filter(h -> command.contains(mark));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
