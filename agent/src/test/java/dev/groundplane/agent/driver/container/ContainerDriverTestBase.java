package dev.groundplane.agent.driver.container;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.driver.TaskDriverContract;
import dev.groundplane.agent.files.ContainerDirectory;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.TaskDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Real containers of a real engine, which a class of tests shares. */
abstract class ContainerDriverTestBase extends TaskDriverContract {
    protected static TestEngine engine;

    private final List<ContainerDriver> drivers = new ArrayList<>();

    protected Path data;

    protected Path tasks;

    @BeforeAll
    static void startEngine() throws IOException, InterruptedException {
        engine = TestEngine.start();
    }

    @AfterAll
    static void endEngine() throws IOException {
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        data = Files.createTempDirectory("groundplane-agent-test").toRealPath();
        tasks = data.resolve("tasks");
        DurableFiles.ensureDirectory(tasks, "rwx--x--x");
    }

    @AfterEach
    void removeWhatIsLeft() throws IOException {
        for (var driver : drivers) {
            driver.close();
        }
        for (var name : engine.engine().namesLabelled("dev.groundplane.task")) {
            engine.engine().remove(name);
        }
        new TaskDirectory(data).delete();
    }

    protected EngineSettings settings(boolean privilegedAllowed) throws IOException {
        return new EngineSettings(PullBehavior.PREFER_CACHED, privilegedAllowed, Ulimits.ofThisProcess());
    }

    @Override
    protected TaskDriver newDriver() throws IOException {
        return driver(false);
    }

    protected TaskDriver driver(boolean privilegedAllowed) throws IOException {
        var driver = new ContainerDriver(engine.engine(), tasks, settings(privilegedAllowed));
        drivers.add(driver);
        return new ImageForHost(driver);
    }

    protected ContainerDirectory directory(DriverHandle handle) {
        return ContainerName.of(handle).directory(tasks);
    }

    @Override
    protected List<String> lines(DriverHandle handle) throws IOException {
        var log = directory(handle).log();
        return Files.exists(log)
                ? new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1)
                        .lines()
                        .toList()
                : List.of();
    }

    @Override
    protected void awaitLine(DriverHandle handle, String line) throws IOException, InterruptedException {
        awaitGrowth(directory(handle).path(), () -> lines(handle).contains(line));
    }

    /** Blocks until a log is at least as long. */
    protected static void awaitLength(Path log, long length) throws IOException, InterruptedException {
        awaitGrowth(log.getParent(), () -> Files.exists(log) && Files.size(log) >= length);
    }

    /** Something about files. */
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void awaitGrowth(Path directory, Condition condition) throws IOException, InterruptedException {
        try (var watch = FileSystems.getDefault().newWatchService()) {
            directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!condition.holds()) {
                var key = watch.take();
                key.pollEvents();
                key.reset();
            }
        }
    }
}
