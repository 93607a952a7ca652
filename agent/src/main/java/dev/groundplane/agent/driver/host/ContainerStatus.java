package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.files.ContainerDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a container's status file says. Everyone only ever appends a line to it, in one write:
 *
 * <pre>
 * supervisor PID TICKS          made the file, and so has the right to start the container
 * stop                          the agent wants it stopped: a command that reads this before it runs must not run
 * command PID TICKS ISOLATION   is about to run
 * exit CODE                     has ended
 * </pre>
 *
 * The agent writes {@code stop} before it looks for a command to signal, and the command writes its line before it looks
 * for a stop, so one of the two sees the other. Process ids are the host's.
 *
 * @param supervisor the supervisor; empty when nobody has claimed the container
 * @param command the command; empty when it has not come that far
 * @param exitCode the exit code; empty when none was recorded
 */
record ContainerStatus(Optional<ProcessIdentity> supervisor, Optional<ProcessIdentity> command, OptionalInt exitCode) {

    static ContainerStatus read(ContainerDirectory directory) throws IOException {
        var supervisor = Optional.<ProcessIdentity>empty();
        var command = Optional.<ProcessIdentity>empty();
        var exitCode = OptionalInt.empty();
        for (var line : text(directory).split("\n")) {
            var words = line.split(" ");
            switch (words[0]) {
                case "supervisor" -> supervisor = ProcessIdentity.of(words);
                case "command" -> command = ProcessIdentity.of(words);
                case "exit" -> exitCode = OptionalInt.of(Integer.parseInt(words[1]));
                default -> {}
            }
        }
        return new ContainerStatus(supervisor, command, exitCode);
    }

    private static String text(ContainerDirectory directory) throws IOException {
        try {
            return Files.readString(directory.status(), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException nobodyClaimedIt) {
            return "";
        }
    }

    /** Wants a claimed container stopped. */
    static void writeStop(ContainerDirectory directory) throws IOException {
        Files.writeString(directory.status(), "stop\n", StandardOpenOption.APPEND);
    }

    /** Whether the container's supervisor is still at it. */
    boolean isSupervised() {
        return exitCode.isEmpty() && supervisor.filter(ProcessIdentity::isAlive).isPresent();
    }
}
