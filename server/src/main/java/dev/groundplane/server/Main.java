package dev.groundplane.server;

import dev.groundplane.server.cli.Groundplane;

/** The entry point of the control plane's and the command line's process. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(Groundplane.run(arguments));
    }
}
