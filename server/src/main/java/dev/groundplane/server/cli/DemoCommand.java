package dev.groundplane.server.cli;

import dev.groundplane.server.demo.Demo;
import dev.groundplane.server.local.Home;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the bank pipeline. Can be interrupted and run again. */
@Command(
        name = "demo",
        description = "Run the bank pipeline from end to end, with everything it needs.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Option(
            names = "--port",
            defaultValue = "4566",
            description = "port for a platform that is not running yet (default: ${DEFAULT-VALUE})")
    private int port;

    @Override
    public Integer call() throws Exception {
        new Demo(data.directory(), Home.path(), port, System.out).run();
        return 0;
    }
}
