package dev.groundplane.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops the tasks that an agent left running. */
@Command(
        name = "stop-tasks",
        mixinStandardHelpOptions = true,
        description = "Stops all tasks of an agent that does not run; they are reported at its next run.")
final class StopTasksCommand implements Callable<Integer> {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data directory of the agent.")
    private Path data;

    @Mixin
    private LogOption log;

    @Override
    public Integer call() throws IOException, InterruptedException {
        log.apply();
        try (var directory = DataDirectory.take(data)) {
            new Agent(directory).stopTasks();
            return 0;
        } catch (DataDirectory.DirectoryInUse e) {
            System.err.println("groundplane-agent: " + e.getMessage());
            return 1;
        }
    }
}
