package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Podman's service, started by the agent for itself when a container first needs it. Podman's containers do not depend on
 * the service, so one that ended is simply started again, and one that an earlier agent started is used as it is. Thread
 * safe.
 *
 * <pre>
 * DATA/podman/socket   what the service listens on
 * DATA/podman/pid      its process
 * DATA/podman/log      what it says
 * </pre>
 */
public final class PodmanService {
    private static final Logger log = LoggerFactory.getLogger(PodmanService.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 5;
    /** The kernel's sun_path, unix(7). */
    private static final int LONGEST_SOCKET_PATH = 107;

    private final Path directory;
    private final List<String> options;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * The service of the agent with this data directory.
     *
     * @param options Podman's own options, before {@code system service}
     */
    public PodmanService(Path data, List<String> options) {
        this.directory = data.resolve("podman");
        this.options = List.copyOf(options);
    }

    /** The options with which Podman can run containers on this host. */
    public static List<String> optionsHere() {
        var options = new ArrayList<String>();
        var unified = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
        if (!unified && onPath("runc").isPresent()) {
            // crun, Podman's first choice, refuses hosts that mix both versions of cgroups.
            options.addAll(List.of("--runtime", "runc"));
        }
        if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
            options.addAll(List.of("--cgroup-manager", "cgroupfs"));
        }
        return options;
    }

    /** Whether Podman is installed, and the agent can have a socket for it. */
    public boolean isPossible() {
        return onPath("podman").isPresent()
                && socket().toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH;
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The engine that this service is; it is started with the first call. */
    public Engine engine() {
        return new Engine(socket(), this::ensure);
    }

    /** Ends the service; containers that run go on. Idempotent. */
    public void end() throws IOException {
        var process = process();
        if (process.isPresent()) {
            process.get().destroy();
            process.get().onExit().join();
        }
        Files.deleteIfExists(pidFile());
        Files.deleteIfExists(socket());
    }

    private boolean ensure() throws IOException {
        lock.lock();
        try {
            if (!answers()) {
                start();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void start() throws IOException {
        DurableFiles.ensureDirectory(directory, "rwx------");
        // A socket that nobody listens on would be in the way.
        Files.deleteIfExists(socket());
        // In a session of its own: what ends the agent is not to end the service.
        var command = new ArrayList<>(List.of("setsid", "podman"));
        command.addAll(options);
        command.addAll(List.of("system", "service", "--time=0", "unix://" + socket()));
        var process = new ProcessBuilder(command)
                .directory(directory.toFile()) // where it leaves a file when a container runs out of memory
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start();
        DurableFiles.replace(
                pidFile(), Long.toString(process.pid()).getBytes(StandardCharsets.US_ASCII), Durability.PROCESS);
        awaitAnswer(process);
        log.info("started Podman's service as process {} on {}", process.pid(), socket());
    }

    /** The service has no way to say that it listens. */
    private void awaitAnswer(Process process) throws IOException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("Podman's service does not answer; its log is " + logFile());
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while Podman's service started", e);
            }
        }
    }

    private boolean answers() {
        try {
            new Engine(socket()).ping();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<ProcessHandle> process() throws IOException {
        var pid = DurableFiles.textOrEmpty(pidFile());
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(pid))
                        .filter(process -> process.info().command().orElse("").endsWith("/podman"));
    }

    private Path socket() {
        return directory.resolve("socket");
    }

    private Path pidFile() {
        return directory.resolve("pid");
    }

    private Path logFile() {
        return directory.resolve("log");
    }
}
