package dev.groundplane.server.cli;

import dev.groundplane.server.local.DataDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that every command takes. */
public final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where the installation keeps its data (default: GROUNDPLANE_DATA, else /var/lib/groundplane"
                    + " as root, else ~/.groundplane)")
    private @Nullable Path data;

    /** The directory that the option, else the environment names. */
    public DataDirectory directory() {
        return DataDirectory.of(data);
    }
}
