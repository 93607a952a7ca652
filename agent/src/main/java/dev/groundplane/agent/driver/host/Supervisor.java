package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One container's supervisor, found by what it wrote into the container's directory. */
final class Supervisor {
    private final ContainerDirectory directory;
    private final Optional<ProcessHandle> process;

    private Supervisor(ContainerDirectory directory, Optional<ProcessHandle> process) {
        this.directory = directory;
        this.process = process;
    }

    /** The supervisor that claimed a container, running or not. */
    static Supervisor of(ContainerDirectory directory) throws IOException {
        var claim = DurableFiles.textOrEmpty(directory.claim());
        var process = claim.isEmpty()
                ? Optional.<ProcessHandle>empty()
                : ProcessHandle.of(Long.parseLong(claim)).filter(candidate -> supervises(candidate, directory));
        return new Supervisor(directory, process);
    }

    /** Process ids are used again, so only a process whose arguments name the directory is its supervisor. */
    private static boolean supervises(ProcessHandle candidate, ContainerDirectory directory) {
        try {
            var arguments = Files.readString(
                    Path.of("/proc", Long.toString(candidate.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
            var wanted = new String(
                    directory.path().toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8),
                    StandardCharsets.ISO_8859_1);
            return arguments.contains("\0" + wanted + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    /** The supervisor's process while it runs. */
    Optional<ProcessHandle> process() {
        return process.filter(ProcessHandle::isAlive);
    }

    /** The exit code it recorded; empty when it recorded none. */
    OptionalInt exitCode() throws IOException {
        var text = DurableFiles.textOrEmpty(directory.exit());
        return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    /** Blocks until it has ended. */
    void awaitEnd() throws InterruptedException {
        awaitEnd(Duration.ofNanos(Long.MAX_VALUE));
    }

    /** Blocks until it has ended or the time is over; false means the time is over. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        if (process.isEmpty()) {
            return true;
        }
        try {
            process.get().onExit().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the JVM cannot wait for process " + process.get().pid(), e);
        }
    }

    /**
     * Sends SIGTERM to the command, or keeps one that is not yet there from running. Its children get none, as in a
     * container: a program decides itself how they end.
     */
    void terminate() throws IOException, InterruptedException {
        if (process().isEmpty()) {
            return;
        }
        Files.write(directory.stop(), new byte[0], StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var command = ProcessIdentity.read(directory.pid()).filter(ProcessIdentity::isAlive);
        if (command.isPresent()) {
            Signals.terminate(command.get().pid());
        }
    }

    /** Sends SIGKILL to the command's process group and to all that descends from the supervisor. */
    void kill() throws IOException, InterruptedException {
        var descendants = process().stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
        var command = ProcessIdentity.read(directory.pid()).filter(ProcessIdentity::isAlive);
        if (command.isPresent()) {
            Signals.killGroup(command.get().pid());
        }
        Signals.kill(descendants);
    }
}
