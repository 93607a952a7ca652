package dev.groundplane.agent;

import dev.groundplane.logging.LogFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the agent's log goes. */
final class LogOption {
    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = "Where to log, in up to five files of 10 MB; default: standard error.")
    private @Nullable Path file;

    /** Logs there from now on. */
    void apply() {
        if (file != null) {
            LogFile.use(file);
        }
    }
}
