package dev.groundplane.server.cli;

import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.Home;
import dev.groundplane.server.local.Shutdown;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops everything that runs on this machine for the installation. Idempotent. */
@Command(
        name = "down",
        description = "Stop local tasks, the agent and the control plane.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws Exception {
        DataDirectory directory = data.directory();
        new Shutdown(directory, Home.path(), System.out::println).run();
        return 0;
    }
}
