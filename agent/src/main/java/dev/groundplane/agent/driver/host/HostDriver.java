package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.driver.host.CgroupTree.Scope;
import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs containers as processes on the host. Each has a supervisor script that outlives the agent; see
 * {@code supervisor.sh}. Thread safe; all state is in the containers' directories.
 */
public final class HostDriver implements TaskDriver {
    /** The reserved image name that means this driver. */
    public static final String NAME = "host";

    private static final Logger log = LoggerFactory.getLogger(HostDriver.class);
    private static final int HANDLE_VERSION = 2;
    private static final int KILL_ROUNDS = 100;
    /** Each takes about a megabyte, most of which they share. */
    private static final int IDLE_SUPERVISORS = 32;

    private static final String OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

    private final Path tasks;
    private final HostFeatures features;
    private final Supervisors supervisors;
    /**
     * Starting is work for the processors: more starts at once than keep them busy would only delay each other, and need a
     * supervisor each where those of containers that end meanwhile could serve.
     */
    private final Semaphore starts = new Semaphore(2 * Runtime.getRuntime().availableProcessors(), true);

    /**
     * A driver for the containers below one directory.
     *
     * @param dataDirectory where the supervisor script is kept
     * @param tasks the directory of all tasks
     * @param features what works on this host
     */
    public HostDriver(Path dataDirectory, Path tasks, HostFeatures features) throws IOException {
        this(tasks, features, Supervisors.open(dataDirectory, IDLE_SUPERVISORS));
    }

    HostDriver(Path tasks, HostFeatures features, Supervisors supervisors) {
        this.tasks = tasks;
        this.features = features;
        this.supervisors = supervisors;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DriverHandle prepare(LaunchRequest request) throws StartFailure, InterruptedException {
        try {
            var task = TaskDirectory.of(tasks, request.taskId());
            // Once claimed, its files belong to the supervisor.
            if (!Files.exists(
                    task.attempt(request.container(), request.attempt()).status())) {
                HostLaunch.prepare(features, task, request);
            }
            var first = request.taskId() + "/" + request.container();
            var data = request.attempt() == 0 ? first : first + "/" + request.attempt();
            return new DriverHandle(NAME, HANDLE_VERSION, data);
        } catch (IOException e) {
            throw new StartFailure("the host does not let the agent prepare the container: " + e, e);
        }
    }

    @Override
    public void start(DriverHandle handle) throws StartFailure, InterruptedException {
        var directory = directory(handle);
        starts.acquire();
        try {
            switch (supervisors.start(directory)) {
                case STARTED -> HostLaunch.forgetLaunch(directory);
                // Another supervisor may be about to read it.
                case CLAIMED -> {}
                case FAILED -> throw new StartFailure("the host could not start it: " + whyNot(directory));
            }
        } catch (IOException e) {
            throw new StartFailure("the host could not start it: " + e, e);
        } finally {
            starts.release();
        }
    }

    private static String whyNot(ContainerDirectory directory) throws IOException {
        var full = Files.getFileStore(directory.path()).getUsableSpace() == 0;
        return LastLine.of(directory.log())
                .orElse(full ? "No space left on device for " + directory.path() : "no reason was given");
    }

    @Override
    public ContainerExit waitForExit(DriverHandle handle) throws InterruptedException {
        try {
            var supervisor = Supervisor.of(directory(handle), supervisors);
            supervisor.awaitEnd();
            killLeftBehind(handle, supervisor);
            return exit(handle, supervisor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a supervisor that has ended recorded, or what its absence means. */
    private ContainerExit exit(DriverHandle handle, Supervisor supervisor) throws IOException {
        var recorded = supervisor.exitCode();
        if (recorded.isEmpty()) {
            return new ContainerExit(
                    ContainerExit.KILLED,
                    "The container's supervisor ended without recording an exit code: it was killed or the host"
                            + " restarted");
        }
        var exitCode = recorded.getAsInt();
        var outOfMemory = exitCode == ContainerExit.KILLED && features.cgroups().ranOutOfMemory(scope(handle));
        return new ContainerExit(exitCode, outOfMemory ? OUT_OF_MEMORY : null);
    }

    /** Processes of the container that outlived its command; with a process namespace there are none. */
    private void killLeftBehind(DriverHandle handle, Supervisor supervisor) throws IOException, InterruptedException {
        supervisor.kill();
        for (var round = 0; !members(handle).isEmpty(); round++) {
            if (round == KILL_ROUNDS) {
                log.warn("processes {} of container {} do not end", members(handle), handle.data());
                return;
            }
            Signals.kill(members(handle));
        }
    }

    private List<Long> members(DriverHandle handle) {
        return features.cgroups().members(scope(handle));
    }

    @Override
    public void stop(DriverHandle handle, Duration grace) throws InterruptedException {
        try {
            var supervisor = Supervisor.of(directory(handle), supervisors);
            supervisor.terminate();
            if (!supervisor.awaitEnd(grace)) {
                supervisor.kill();
                Signals.kill(members(handle));
                supervisor.awaitEnd();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void destroy(DriverHandle handle) {
        try {
            HostLaunch.forgetSecrets(directory(handle));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        features.cgroups().remove(scope(handle));
    }

    @Override
    public Inspection recover(DriverHandle handle) throws InterruptedException {
        var inspection = inspect(handle);
        if (inspection instanceof Inspection.Exited) {
            return new Inspection.Exited(waitForExit(handle));
        }
        return inspection;
    }

    @Override
    public Inspection inspect(DriverHandle handle) {
        try {
            var directory = directory(handle);
            if (!Files.exists(directory.status())) {
                return new Inspection.NotStarted();
            }
            var supervisor = Supervisor.of(directory, supervisors);
            var process = supervisor.process();
            return process.isPresent()
                    ? new Inspection.Running(process.get().pid(), List.of(), null)
                    : new Inspection.Exited(exit(handle, supervisor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int execute(DriverHandle handle, List<String> words, Duration limit) throws InterruptedException {
        try {
            return new HostExecution(directory(handle), features.cgroups().joinFiles(scope(handle))).run(words, limit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ContainerDirectory directory(DriverHandle handle) {
        var parts = parts(handle);
        var attempt = parts.length == 2 ? 0 : Integer.parseInt(parts[2]);
        return TaskDirectory.of(tasks, parts[0]).attempt(parts[1], attempt);
    }

    /** All attempts at a container share its cgroups, as they never run at the same time. */
    private static Scope scope(DriverHandle handle) {
        var parts = parts(handle);
        return new Scope(parts[0], parts[1]);
    }

    /** Task, container and, but for the first, attempt. */
    private static String[] parts(DriverHandle handle) {
        if (!handle.driver().equals(NAME) || handle.version() != HANDLE_VERSION) {
            throw new IllegalArgumentException(
                    "%s is not a handle of the host driver, version %d".formatted(handle, HANDLE_VERSION));
        }
        return handle.data().split("/");
    }
}
