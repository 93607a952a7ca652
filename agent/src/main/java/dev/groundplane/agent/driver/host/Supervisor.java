package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.files.ContainerDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What supervises one container, whichever agent process started it. */
final class Supervisor {
    private final ContainerDirectory directory;
    private final Future<?> end;

    private Supervisor(ContainerDirectory directory, Future<?> end) {
        this.directory = directory;
        this.end = end;
    }

    /** The supervisor that claimed a container, running or not. */
    static Supervisor of(ContainerDirectory directory, Supervisors supervisors) throws IOException {
        Optional<? extends Future<?>> own = supervisors.endOf(directory);
        return new Supervisor(directory, own.isPresent() ? own.get() : endOfAnothers(directory));
    }

    /** A supervisor that a former agent process started ends with its container. */
    private static Future<?> endOfAnothers(ContainerDirectory directory) throws IOException {
        var process = process(ContainerStatus.read(directory));
        return process.isPresent() ? process.get().onExit() : CompletableFuture.completedFuture(null);
    }

    /** The supervisor's process while it serves the container. */
    Optional<ProcessHandle> process() throws IOException {
        return process(ContainerStatus.read(directory));
    }

    private static Optional<ProcessHandle> process(ContainerStatus status) {
        return status.isSupervised()
                ? status.supervisor().flatMap(identity -> ProcessHandle.of(identity.pid()))
                : Optional.empty();
    }

    /** The exit code it recorded; empty when it recorded none. */
    OptionalInt exitCode() throws IOException {
        return ContainerStatus.read(directory).exitCode();
    }

    /** Blocks until the container has ended. */
    void awaitEnd() throws InterruptedException {
        awaitEnd(Duration.ofNanos(Long.MAX_VALUE));
    }

    /** Blocks until the container has ended or the time is over; false means the time is over. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        try {
            end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the JVM cannot wait for the supervisor of " + directory.path(), e);
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
        ContainerStatus.writeStop(directory);
        var command = ContainerStatus.read(directory).command().filter(ProcessIdentity::isAlive);
        if (command.isPresent()) {
            Signals.terminate(command.get().pid());
        }
    }

    /** Sends SIGKILL to the command's process group and to all that descends from the supervisor. */
    void kill() throws IOException, InterruptedException {
        var command = ContainerStatus.read(directory).command().filter(ProcessIdentity::isAlive);
        if (command.isPresent()) {
            Signals.killGroup(command.get().pid());
        }
        var descendants = process().stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
        // A supervisor that serves the next container by now has recorded the end of this one.
        Signals.kill(ContainerStatus.read(directory).isSupervised() ? descendants : List.of());
    }
}
