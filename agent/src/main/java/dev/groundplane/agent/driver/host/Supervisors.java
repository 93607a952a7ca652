package dev.groundplane.agent.driver.host;

import dev.groundplane.agent.files.ContainerDirectory;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisors that this agent process started: each runs {@code supervisor.sh} and serves one container after the
 * other, because starting a process costs more than all else that a launch does. All report into one named pipe, which one
 * thread reads. When the agent dies, each ends after the container that it serves. Thread safe.
 */
final class Supervisors {
    private static final Logger log = LoggerFactory.getLogger(Supervisors.class);
    private static final AtomicInteger PIPES = new AtomicInteger();
    private static final String PIPE_PREFIX = "supervisors.";

    private final SupervisorScript script;
    private final int mostIdle;
    private final Path pipe;
    private final AtomicLong lastNumber = new AtomicLong();
    private final ConcurrentLinkedDeque<SupervisorProcess> idle = new ConcurrentLinkedDeque<>();
    private final Map<Long, Service> byNumber = new ConcurrentHashMap<>();
    private final Map<Path, Service> running = new ConcurrentHashMap<>();

    /** What came of a start. */
    enum Outcome {
        /** The container's process exists. */
        STARTED,
        /** A supervisor had claimed the container before; nothing was run. */
        CLAIMED,
        /** The container's process could not be made; the log's last line says why. */
        FAILED
    }

    /** One container, served by one supervisor. */
    private record Service(
            SupervisorProcess supervisor,
            Path directory,
            CompletableFuture<Outcome> outcome,
            CompletableFuture<Void> end) {}

    private Supervisors(SupervisorScript script, int mostIdle, Path pipe) {
        this.script = script;
        this.mostIdle = mostIdle;
        this.pipe = pipe;
    }

    /**
     * No supervisors yet.
     *
     * @param mostIdle how many are kept for later containers when they have nothing to do
     */
    static Supervisors open(Path dataDirectory, int mostIdle) throws IOException {
        var directory = dataDirectory.toAbsolutePath();
        var own = PIPE_PREFIX + ProcessHandle.current().pid() + ".";
        try (var pipes = Files.newDirectoryStream(directory, PIPE_PREFIX + "*.pipe")) {
            for (var stale : pipes) {
                if (!stale.getFileName().toString().startsWith(own)) {
                    Files.deleteIfExists(stale);
                }
            }
        }
        var pipe = directory.resolve(own + PIPES.incrementAndGet() + ".pipe");
        makePipe(pipe);
        var supervisors = new Supervisors(SupervisorScript.install(dataDirectory), mostIdle, pipe);
        // Open for writing too, so that it has no end while there are no supervisors.
        @SuppressWarnings("resource") // belongs to the thread, which lives as long as the agent
        var reports = new RandomAccessFile(pipe.toFile(), "rw");
        Thread.ofPlatform().daemon().name("supervisors").start(() -> supervisors.listen(reports));
        return supervisors;
    }

    private static void makePipe(Path pipe) throws IOException {
        try {
            var made = CommandOutput.of("mkfifo", "-m", "600", pipe.toString());
            if (!made.succeeded()) {
                throw new IOException("cannot make the named pipe %s: %s".formatted(pipe, made.text()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while making the named pipe " + pipe);
        }
    }

    /** Starts a container and returns as soon as it is known what came of it. */
    Outcome start(ContainerDirectory directory) throws IOException {
        for (var waiting = idle.pollLast(); waiting != null; waiting = idle.pollLast()) {
            var outcome = start(directory, waiting);
            // One that died with nothing to do waits with the others until its end is known. What it never claimed,
            // it has not run and never will.
            if (outcome != Outcome.FAILED || !waiting.hasEnded() || Files.exists(directory.status())) {
                return outcome;
            }
        }
        return start(directory, spawn());
    }

    private Outcome start(ContainerDirectory directory, SupervisorProcess supervisor) {
        var number = lastNumber.incrementAndGet();
        var path = directory.path().toAbsolutePath();
        var service = new Service(supervisor, path, new CompletableFuture<>(), new CompletableFuture<>());
        byNumber.put(number, service);
        supervisor.onExit(() -> ended(number));
        supervisor.serve(number, path);
        return service.outcome().join();
    }

    /** Completes when a container that this object started has ended; empty when no such container runs. */
    Optional<CompletableFuture<Void>> endOf(ContainerDirectory directory) {
        return Optional.ofNullable(running.get(directory.path().toAbsolutePath()))
                .map(Service::end);
    }

    private SupervisorProcess spawn() throws IOException {
        return SupervisorProcess.start(script, pipe);
    }

    private void listen(RandomAccessFile reports) {
        try (reports;
                var stream = new FileInputStream(reports.getFD());
                var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                heard(line.split(" ", 2));
            }
        } catch (IOException e) {
            log.error("cannot hear the supervisors any more; restart the agent", e);
        }
    }

    private void heard(String[] words) {
        var number = Long.parseLong(words[0]);
        var service = byNumber.get(number);
        if (service == null) {
            return;
        }
        switch (words[1]) {
            case "started" -> {
                running.put(service.directory(), service);
                service.outcome().complete(Outcome.STARTED);
            }
            case "claimed" -> {
                service.outcome().complete(Outcome.CLAIMED);
                release(service.supervisor());
                ended(number);
            }
            default -> {
                release(service.supervisor());
                ended(number);
            }
        }
    }

    /** A container has ended, or the supervisor that served it. Idempotent. */
    private void ended(long number) {
        var service = byNumber.remove(number);
        if (service != null) {
            running.remove(service.directory(), service);
            service.outcome().complete(Outcome.FAILED);
            service.end().complete(null);
        }
    }

    /** The newest is used first, so that those that are not needed stay out of the way. */
    private void release(SupervisorProcess supervisor) {
        if (idle.size() < mostIdle) {
            supervisor.onExit(() -> idle.remove(supervisor));
            idle.addLast(supervisor);
        } else {
            supervisor.dismiss();
        }
    }
}
