package dev.groundplane.server.cli.pcluster;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option to wait for the end of what a command begins. */
final class WaitOption {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    @Option(names = "--wait", description = "return when it is done; status 1 when it failed")
    private boolean wanted;

    boolean wanted() {
        return wanted;
    }
}
