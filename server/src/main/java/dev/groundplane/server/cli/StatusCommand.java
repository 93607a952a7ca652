package dev.groundplane.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.status.InstallationStatus;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what runs, what is wrong and what to do. Exit status 1 when something is wrong. */
@Command(name = "status", description = "Show health, what is wrong and what to do.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "for scripts")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        DataDirectory directory = data.directory();
        InstallationStatus status = InstallationStatus.of(directory, Instant.now());
        System.out.println(
                json ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(status) : status.table());
        return status.problems().isEmpty() ? 0 : 1;
    }
}
