package dev.groundplane.agent;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The agent's command line. */
@Command(
        name = "groundplane-agent",
        description = "Runs a container instance's tasks on this host.",
        subcommands = {RunCommand.class, StopTasksCommand.class},
        mixinStandardHelpOptions = true)
public final class Main {

    /** What picocli makes the command of. */
    public Main() {}

    /** Runs the command that the arguments name; the process's exit code is 0, 1 for a failure or 2 for misuse. */
    public static void main(String... arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
