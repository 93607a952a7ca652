package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.ContainerExit;
import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.Drivers;
import dev.groundplane.agent.driver.Inspection;
import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs containers from images, in a container engine. The engine's containers outlive the agent; an engine that is
 * restarted is waited for. Thread safe. The agent keeps it for as long as it runs; {@link #close} is for whoever does not.
 */
public final class ContainerDriver implements TaskDriver, AutoCloseable {
    /** The name of this driver. */
    public static final String NAME = Drivers.CONTAINER;

    private static final Logger log = LoggerFactory.getLogger(ContainerDriver.class);

    private final Engine engine;
    private final Path tasks;
    private final OutputCopies output;
    private final ContainerStarts starts;
    private final ContainerEnds ends;

    /**
     * A driver for the containers of one agent.
     *
     * @param tasks the directory of all tasks
     */
    public ContainerDriver(Engine engine, Path tasks, EngineSettings settings) throws IOException {
        this.engine = engine;
        this.tasks = tasks;
        this.output = new OutputCopies(engine, tasks);
        this.starts = new ContainerStarts(engine, tasks, settings);
        this.ends = new ContainerEnds(engine);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public DriverHandle prepare(LaunchRequest request) throws StartFailure, InterruptedException {
        var name = ContainerName.of(request);
        try {
            var directory = TaskDirectory.of(tasks, name.taskId()).createContainer(name.container());
            OutputFile.of(directory, name.attempt());
            starts.prepare(name, request);
            return name.handle();
        } catch (IOException e) {
            throw ContainerStarts.failure(
                    "CannotCreateContainerError", request.image().name(), e);
        }
    }

    @Override
    public void start(DriverHandle handle) throws StartFailure, InterruptedException {
        var name = ContainerName.of(handle);
        starts.start(name);
        output.follow(name);
    }

    @Override
    public ContainerExit waitForExit(DriverHandle handle) throws InterruptedException {
        var name = ContainerName.of(handle);
        var exit = ends.await(name.inEngine());
        output.complete(name);
        return exit;
    }

    @Override
    public void stop(DriverHandle handle, Duration grace) throws InterruptedException {
        var name = ContainerName.of(handle).inEngine();
        var end = System.nanoTime() + grace.toNanos();
        new EnginePatience(name).insist(() -> {
            try {
                var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                engine.stop(name, left.plusMillis(999).toSeconds());
            } catch (EngineFailure e) {
                if (e.status() != EngineFailure.NOT_FOUND) {
                    throw e;
                }
            }
            return true;
        });
    }

    @Override
    public void destroy(DriverHandle handle) {
        var name = ContainerName.of(handle);
        output.forget(name);
        starts.forget(name);
        try {
            remove(name);
        } catch (IOException e) {
            log.warn("container {} is removed once the engine answers: {}", name.inEngine(), e.toString());
            Thread.ofVirtual().name("remove " + name.inEngine()).start(() -> removeLater(name));
        }
    }

    private void remove(ContainerName name) throws IOException {
        try {
            engine.remove(name.inEngine());
        } catch (EngineFailure e) {
            if (e.status() != EngineFailure.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void removeLater(ContainerName name) {
        try {
            new EnginePatience(name.inEngine()).insist(() -> {
                remove(name);
                return true;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Inspection recover(DriverHandle handle) throws InterruptedException {
        var name = ContainerName.of(handle);
        var inspection = inspect(handle);
        if (inspection instanceof Inspection.Running) {
            output.follow(name);
        } else if (inspection instanceof Inspection.Exited) {
            output.complete(name);
        }
        return inspection;
    }

    /** While the engine does not answer, a container whose start was asked for counts as running. */
    @Override
    public Inspection inspect(DriverHandle handle) {
        var name = ContainerName.of(handle);
        var started = starts.claim(name).isMade();
        try {
            var status = engine.container(name.inEngine());
            if (status.isEmpty()) {
                return started
                        ? new Inspection.Exited(new ContainerExit(ContainerExit.KILLED, ContainerEnds.REMOVED))
                        : new Inspection.NotStarted();
            }
            return inspection(status.get());
        } catch (IOException e) {
            log.warn("the engine does not say where container {} stands: {}", name.inEngine(), e.toString());
            return started ? new Inspection.Running(0, List.of(), null) : new Inspection.NotStarted();
        }
    }

    private Inspection inspection(ContainerStatus status) throws IOException {
        if (status.runs()) {
            return new Inspection.Running(
                    status.pid(), status.bindings(), starts.images().digest(status.image()));
        }
        return status.neverStarted() ? new Inspection.NotStarted() : new Inspection.Exited(status.exit());
    }

    @Override
    public int execute(DriverHandle handle, List<String> words, Duration limit) {
        return new ContainerExecution(engine, ContainerName.of(handle).inEngine()).run(words, limit);
    }

    /** Watches over the containers no longer; they run on, and another driver can take them over. */
    @Override
    public void close() throws IOException {
        ends.close();
        output.close();
    }
}
