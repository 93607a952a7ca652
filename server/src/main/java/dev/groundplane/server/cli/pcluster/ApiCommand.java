package dev.groundplane.server.cli.pcluster;

import dev.groundplane.server.cli.DataOption;
import dev.groundplane.server.local.Connection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has that calls the API. Exit status: 0 done, 1 refused or failed, 2 wrong usage. */
abstract class ApiCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Option(
            names = {"-r", "--region"},
            paramLabel = "REGION",
            description =
                    "AWS region of the cluster (default: of a configuration that names one, else the installation's)")
    private @Nullable String region;

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() throws InterruptedException {
        String chosen = region == null ? defaultRegion() : region;
        Screen screen =
                new Screen(spec.commandLine().getOut(), spec.commandLine().getErr());
        return run(new ApiClient(Connection.of(data.directory()), chosen), screen);
    }

    /** The region that is meant when none is named; null for the installation's. */
    @Nullable
    String defaultRegion() {
        return null;
    }

    /**
     * Does what the command is for.
     *
     * @return the exit status
     */
    abstract int run(ApiClient api, Screen screen) throws InterruptedException;
}
