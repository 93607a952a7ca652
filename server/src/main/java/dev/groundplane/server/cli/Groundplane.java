package dev.groundplane.server.cli;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.cli.pcluster.PclusterCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line as a whole. Exit status: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "groundplane",
        description = "Groundplane answers AWS's data platform APIs on machines of your own.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            EnvCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            AuditCommand.class,
            PclusterCommand.class,
            DemoCommand.class,
            RehearseCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Groundplane {
    private Groundplane() {}

    /**
     * Runs one command.
     *
     * @return its exit status
     */
    public static int run(String... arguments) {
        CommandLine line = new CommandLine(new Groundplane());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof GroundplaneException expected) {
                System.err.println("groundplane: " + expected.getMessage());
                return 1;
            }
            throw failure;
        });
        return line.execute(arguments);
    }
}
